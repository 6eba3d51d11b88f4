import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VOICES_FORMAT } from '../../src/domain/model/tune/voices.js';
import { DEFAULT_ROLL_FORMAT } from '../../src/domain/roll/roll-format.js';
import { packRoll } from '../../src/domain/roll/piano-roll.js';
import { randomStream } from '../../src/domain/random.js';
import { createBuildStepFeeds, type FeedSettings } from '../../src/domain/training/step-feeds.js';
import { createPackedBatches } from '../../src/domain/training/packed-batches.js';
import type { BatchLoader } from '../../src/ports/batch-loader.js';
import { TUNES, VOCABULARY } from '../support/model/apollo-fixtures.js';
import { bitsOf } from '../support/run-fixtures.js';

/** Seven rolls of one voice. */
const ROLLS = Array.from({ length: 7 }, (_, roll) => {
  const random = randomStream(3, 'tests', roll);
  return Uint8Array.from({ length: 2048 }, () => (random.below(9) === 0 ? random.below(256) : 0));
});
const TWO_VOICES = TUNES.map(packRoll);

const planOf = (seed: number, batch: number, voices = false): FeedSettings => ({
  model: voices
    ? { architecture: 'apollo', depth: 4, vocabulary: VOCABULARY }
    : { architecture: 'dcgan-a', depth: 1, recipe: {} },
  batch,
  seed,
  dataset: voices
    ? { rolls: TWO_VOICES.length, format: VOICES_FORMAT }
    : { rolls: ROLLS.length, format: DEFAULT_ROLL_FORMAT },
});
const packed = (index: number): Uint8Array => ROLLS[index]!.slice();

/** What a step is to be fed. */
const expectedBatch = (plan: FeedSettings, step: number, rolls = packed): unknown =>
  bitsOf(createBuildStepFeeds(plan)(step, createPackedBatches(plan, rolls)(step)));

/** Every promise of src/ports/batch-loader.ts. */
export function batchLoaderContract(name: string, make: () => BatchLoader): void {
  describe(`BatchLoader: ${name}`, () => {
    it('gives the feeds of each step bit for bit, in whatever order steps are requested', async () => {
      const steps = fc.array(fc.tuple(fc.nat(9), fc.boolean()), { maxLength: 8 });
      const run = fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 4 }), steps, async (seed, batch, order) => {
        const plan = planOf(seed, batch);
        const feeds = make().open(plan, packed);
        try {
          for (const [step, take] of order) {
            if (take) expect(bitsOf(await feeds.next(step))).toEqual(expectedBatch(plan, step));
            else feeds.prefetch(step);
          }
        } finally {
          await feeds.close();
        }
      });
      await fc.assert(run, { numRuns: 8 });
    });

    it('gives the feeds of a network that learns choices and plans', async () => {
      const plan = planOf(4, 3, true);
      const rolls = (index: number): Uint8Array => TWO_VOICES[index]!.slice();
      const feeds = make().open(plan, rolls);
      feeds.prefetch(1);
      for (const step of [0, 1]) expect(bitsOf(await feeds.next(step))).toEqual(expectedBatch(plan, step, rolls));
      await feeds.close();
    });

    it('does not change feeds that were returned', async () => {
      const plan = planOf(1, 2);
      const feeds = make().open(plan, packed);
      const first = await feeds.next(0);
      for (const step of [1, 2, 3]) await feeds.next(step);
      expect(bitsOf(first)).toEqual(expectedBatch(plan, 0));
      for (const { data } of first.values()) data.fill(9);
      expect(bitsOf(await feeds.next(0))).toEqual(expectedBatch(plan, 0));
      await feeds.close();
    });

    it('rejects the next of a step whose rolls cannot be read, and no other', async () => {
      const plan = planOf(1, 1);
      const order = Array.from({ length: 7 }, (_, step) => ROLLS.findIndex((roll) => drawsRoll(roll, plan, step)));
      const feeds = make().open(plan, (index) => {
        if (index === order[2]) throw new RangeError(`roll ${index} is gone`);
        return packed(index);
      });
      for (const step of [1, 2, 3]) feeds.prefetch(step);
      for (const step of [1, 3]) expect(bitsOf(await feeds.next(step))).toEqual(expectedBatch(plan, step));
      await expect(feeds.next(2)).rejects.toThrow(`roll ${order[2]} is gone`);
      await feeds.close();
    });

    it('returns prepared feeds without a turn of the event loop', async () => {
      const feeds = make().open(planOf(1, 2), packed);
      await feeds.next(0);
      feeds.prefetch(1);
      blockThread(3000);
      let turned = false;
      setImmediate(() => (turned = true));
      await feeds.next(1);
      expect(turned).toBe(false);
      await feeds.close();
    });

    it('rejects every next after it was closed, and pending ones', async () => {
      // So large a batch is not there at once, however the threads are scheduled.
      const feeds = make().open(planOf(1, 2000), packed);
      const underWay = feeds.next(1).catch((error: unknown) => error);
      const closing = feeds.close();
      expect(String(await underWay)).toMatch(/batches were closed/);
      await closing;
      await feeds.close();
      await expect(feeds.next(2)).rejects.toThrow(/batches were closed/);
    });

    it('can be closed before anything was made', async () => {
      const feeds = make().open(planOf(1, 4), packed);
      feeds.prefetch(0);
      await feeds.close();
      await expect(feeds.next(0)).rejects.toThrow(/batches were closed/);
    });
  });
}

/** Whether a step of one roll draws that roll. */
const drawsRoll = (roll: Uint8Array, plan: FeedSettings, step: number): boolean =>
  Buffer.compare(createPackedBatches(plan, packed)(step), roll) === 0;

/** Keeps this thread busy, as a step of onnxruntime does. */
const blockThread = (milliseconds: number): unknown =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
