import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createEngineRegistry, onCpuOnly } from '../../../src/app/wiring/engine-registry.js';
import { createTrain, type TrainRequest, type TrainResult } from '../../../src/app/train/train.js';
import { createTrainingLoop } from '../../../src/app/train/training-loop.js';
import { createDrawSamples, SAVED_SAMPLES, type DrawSamples } from '../../../src/app/train/training-samples.js';
import { DomainError, InterruptedError, UsageError } from '../../../src/domain/errors.js';
import { DEFAULT_ROLL_FORMAT, type RollFormat } from '../../../src/domain/roll/roll-format.js';
import { VOICES_FORMAT } from '../../../src/domain/model/tune/voices.js';
import { blankRoll, packRoll } from '../../../src/domain/roll/piano-roll.js';
import { randomStream } from '../../../src/domain/random.js';
import { DatasetMismatchError, TrainingDivergedError } from '../../../src/domain/training/training-errors.js';
import type { TensorEngine } from '../../../src/ports/tensor-engine.js';
import { fakeMidi } from '../../support/fakes/fake-midi.js';
import { createFakeRunStore, type FakeRun } from '../../support/fakes/fake-run-store.js';
import { mixingEngine } from '../../support/fakes/mixing-engine.js';
import { sha256 } from '../../../src/adapters/node-platform/sha256.js';
import { createMemoryDatasetStore, type MemoryDatasetStore } from '../../../src/adapters/web/memory-dataset-store.js';
import { plainBatchLoader } from '../../support/fakes/plain-batch-loader.js';
import { plainPictureEncoder } from '../../support/fakes/plain-picture-encoder.js';
import { recordingConsole } from '../../support/fakes/recording-console.js';
import { TUNES } from '../../support/model/apollo-fixtures.js';
import { bitsOf } from '../../support/run-fixtures.js';

const SETTINGS = {
  model: 'dcgan-a',
  depth: 1,
  engine: 'mixing',
  device: 'cpu',
  threads: 1,
  batch: 2,
  epochs: 3,
  seed: 5,
  logEvery: 2,
  sampleEvery: 2,
  checkpointEvery: 1,
};
const START = { kind: 'start', dataset: 'data', out: 'run', keep: 2, replace: false, settings: SETTINGS } as const;
const RESUME = { kind: 'resume', dataset: undefined, out: 'run', keep: 2, settings: {} } as const;

interface Wishes {
  readonly onStep?: (step: number) => void;
  /** Whether the losses of a step are NaN. */
  readonly spoil?: (step: number) => boolean;
  readonly drawing?: DrawSamples;
}

/** Samples that show any difference in the state, drawn in no time. */
const fingerprint: DrawSamples = async ({ run }, state, epoch) => {
  await run.saveSample(
    epoch,
    'state',
    new TextEncoder().encode(JSON.stringify(bitsOf(state).map(String).map(digestOf))),
  );
  return { 'sample.blank': epoch / 100 };
};

/** The same, and the tunes after epoch i are DISTANCES[i - 1] from real ones. */
const judged: DrawSamples = async (training, state, epoch) => ({
  ...(await fingerprint(training, state, epoch)),
  'distance.frechet': DISTANCES[epoch - 1]!,
});
const DISTANCES = [9, 6, 4, 7, 4, 5];

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Seven rolls in a memory dataset: three steps of two an epoch. */
async function workshop({ onStep, spoil, drawing = fingerprint }: Wishes = {}) {
  const datasets = createMemoryDatasetStore({ digest: sha256 });
  await fill(datasets, 'data', DEFAULT_ROLL_FORMAT, 1);
  await fill(datasets, 'other', DEFAULT_ROLL_FORMAT, 2);
  await fill(datasets, 'narrow', { ...DEFAULT_ROLL_FORMAT, columns: 128 }, 1);
  await fillVoices(datasets, 'voices');
  await fillVoices(datasets, 'silent', [blankRoll(VOICES_FORMAT), blankRoll(VOICES_FORMAT)]);
  const [runs, console, stop] = [createFakeRunStore(), recordingConsole(), new AbortController()];
  let step = 0;
  const watch = { report: () => onStep?.(++step), spoil: () => spoil?.(step) ?? false };
  const engines = createEngineRegistry({ mixing: onCpuOnly(() => watched(mixingEngine, watch.report, watch.spoil)) });
  const loop = createTrainingLoop({
    drawSamples: drawing,
    batchLoader: plainBatchLoader(),
    console,
    signal: stop.signal,
  });
  const train = createTrain({ datasets, runs, engines, trainingLoop: loop, console });
  return { train, runs, console, stop, run: () => runs.runs.get('run')! };
}

/** Two tunes in two voices: one step of two an epoch. */
async function fillVoices(datasets: MemoryDatasetStore, path: string, tunes = TUNES.slice(0, 2)) {
  const writer = await datasets.create(path, VOICES_FORMAT, { replace: false });
  for (const tune of tunes) await writer.add(packRoll(tune));
  const preparation = { windows: 'all', layback: 1, transpose: { from: 0, to: 0 }, fold: false } as const;
  await writer.finish({ preparation, origin: 'a test', sources: [] });
}

async function fill(datasets: MemoryDatasetStore, path: string, format: RollFormat, seed: number) {
  const writer = await datasets.create(path, format, { replace: false });
  for (let roll = 0; roll < 7; roll++) {
    const random = randomStream(seed, 'tests', roll);
    const cells = new Uint8Array(format.pitches * format.columns);
    for (let note = 0; note < 40; note++) cells[random.below(cells.length)] = 1;
    await writer.add(packRoll({ format, cells }));
  }
  const preparation = { windows: 'all', layback: 1, transpose: { from: 0, to: 0 }, fold: false } as const;
  await writer.finish({ preparation, origin: 'a test', sources: [] });
}

/** The engine, with each step reported, and its losses made NaN where `spoil` says so. */
const watched = (engine: TensorEngine, report: () => void, spoil: () => boolean): TensorEngine => ({
  ...engine,
  compile: async (program) => {
    const compiled = await engine.compile(program);
    if (program.state.length === 0 || !program.name.includes('training')) return compiled;
    return {
      ...compiled,
      step: async (feeds) => {
        report();
        const metrics = await compiled.step(feeds);
        return spoil() ? new Map([...metrics, ['generator.loss', { shape: [], data: Float32Array.of(NaN) }]]) : metrics;
      },
    };
  },
});

/** All that a run leaves, bit for bit. */
const leavings = ({ configuration, checkpoints, log, samples }: FakeRun): unknown => ({
  configuration,
  log,
  checkpoints: [...checkpoints.values()].map(({ step, state }) => [step, bitsOf(state)]),
  samples: [...samples].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
});

describe('train', () => {
  let whole: unknown;
  let result: TrainResult;
  beforeAll(async () => {
    const { train, run } = await workshop();
    result = await train(START);
    whole = leavings(run());
  }, 60_000);

  it('logs, samples and saves as scheduled', async () => {
    const drawing = createDrawSamples({ midiWriter: fakeMidi().writer, pictures: plainPictureEncoder });
    const { train, run, console } = await workshop({ drawing });
    expect(await train(START)).toMatchObject({ steps: 9, stepsNow: 9, epochs: 3, path: 'run' });
    expect(run().log.map(({ step, epoch }) => [step, epoch])).toEqual([[2, 1], [3, 1], [4, 2], [6, 2], [8, 3], [9, 3]]); // prettier-ignore
    // Samples are judged where they are drawn, after the second and the last epoch; blank noise is no tune of a test.
    const judged = run().log.filter((entry) => 'sample.blank' in entry && 'sample.distinct' in entry);
    expect(judged.map(({ step }) => step)).toEqual([6, 9]);
    expect([...run().checkpoints.keys()]).toEqual([6, 9]);
    const folders = new Set([...run().samples.keys()].map((name) => name.split('/')[0]));
    expect([...folders]).toEqual(['epoch-0002', 'epoch-0003']);
    expect(run().samples.size).toBe(2 * (3 * SAVED_SAMPLES + 1));
    expect(console.updates.at(-1)).toMatchObject({ done: 9, total: 9, unit: 'steps' });
    expect(run().holder).toBe('nobody');
  });

  it('gives equal bytes for equal seeds, and others for another', async () => {
    const [again, other] = [await workshop(), await workshop()];
    await again.train(START);
    await other.train({ ...START, settings: { ...SETTINGS, seed: 6 } });
    expect(leavings(again.run())).toEqual(whole);
    expect(leavings(other.run())).not.toEqual(whole);
  });

  it.each([1, 2, 3, 7, 8])('stopped after step %i and resumed, it ends as if it had not been', async (at) => {
    const shop = await workshop({ onStep: (step) => (step === at ? shop.stop.abort() : undefined) });
    await expect(shop.train(START)).rejects.toThrow(InterruptedError);
    expect([...shop.run().checkpoints.keys()].at(-1)).toBe(at);
    const later = await workshop();
    later.runs.runs.set('run', shop.run());
    expect(await later.train(RESUME)).toMatchObject({ steps: 9, stepsNow: 9 - at, last: result.last });
    expect(leavings(later.run())).toEqual(whole);
  });

  it('stopped before the first step, it has saved nothing, and resuming begins', async () => {
    const shop = await workshop();
    shop.stop.abort();
    await expect(shop.train(START)).rejects.toThrow(
      /stopped before the first step, go on with: apollo train --resume run/,
    );
    expect(shop.run().checkpoints.size).toBe(0);
    const later = await workshop();
    later.runs.runs.set('run', shop.run());
    await later.train(RESUME);
    expect(leavings(later.run())).toEqual(whole);
  });

  it('stopped after each step and resumed, it ends as if it had not been', async () => {
    const shop = await workshop();
    let request: TrainRequest = START;
    for (let stops = 0; stops < 8; stops++) {
      const go = await workshop({ onStep: () => go.stop.abort() });
      if (stops > 0) go.runs.runs.set('run', shop.run());
      await expect(go.train(request)).rejects.toThrow(InterruptedError);
      shop.runs.runs.set('run', go.run());
      request = RESUME;
    }
    await shop.train(RESUME);
    expect(leavings(shop.run())).toEqual(whole);
  });

  it('goes on from the checkpoint before a damaged one, and says so', async () => {
    const shop = await workshop();
    await shop.train(START);
    shop.run().damaged.add(9);
    await shop.train(RESUME);
    expect(shop.console.lines.join('\n')).toMatch(/warning: passed over a damaged checkpoint/);
    shop.run().damaged.clear();
    expect(leavings(shop.run())).toEqual(whole);
  });

  it('can be made longer, never shorter', async () => {
    const shop = await workshop();
    await shop.train({ ...START, settings: { ...SETTINGS, epochs: 2 } });
    await shop.train({ ...RESUME, settings: { epochs: 3 } });
    expect(bitsOf(shop.run().checkpoints.get(9)!.state)).toEqual(
      (whole as { checkpoints: unknown[][] }).checkpoints[1]![1],
    );
    await expect(shop.train({ ...RESUME, settings: { epochs: 2 } })).rejects.toThrow(/can only make it longer, got 2/);
  });

  it('stops at a loss that is no number, names it, and keeps the last good checkpoint', async () => {
    const shop = await workshop({ onStep: () => undefined, spoil: (step) => step === 5 });
    const failure = await shop.train(START).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TrainingDivergedError);
    expect((failure as Error).message).toMatch(/generator\.loss is not a finite number after step 5/);
    expect([...shop.run().checkpoints.keys()]).toEqual([3]);
  });

  describe('the best checkpoint', () => {
    // Three steps an epoch, samples every epoch, checkpoints every other: the best, after epoch 3, is not due as one.
    const settings = { ...SETTINGS, epochs: 6, sampleEvery: 1, checkpointEvery: 2 };
    const start = { ...START, settings, keep: 1 } as const;
    const best = { step: 9, distance: 4 };

    it('stays beside the newest, the first of equals', async () => {
      const { train, run } = await workshop({ drawing: judged });
      expect((await train(start)).best).toEqual(best);
      expect([...run().checkpoints.keys()]).toEqual([9, 18]);
      const { train: other, run: otherRun } = await workshop();
      expect((await other(start)).best).toBeUndefined();
      expect([...otherRun().checkpoints.keys()]).toEqual([18]);
    });

    it('is the same after a stop at any step', async () => {
      const straight = await workshop({ drawing: judged });
      await straight.train(start);
      for (let at = 1; at < 18; at++) {
        const shop = await workshop({
          drawing: judged,
          onStep: (step) => (step === at ? shop.stop.abort() : undefined),
        });
        await expect(shop.train(start)).rejects.toThrow(InterruptedError);
        const later = await workshop({ drawing: judged });
        later.runs.runs.set('run', shop.run());
        expect((await later.train({ ...RESUME, keep: 1 })).best).toEqual(best);
        expect(leavings(later.run())).toEqual(leavings(straight.run()));
      }
    });

    it('is forgotten when training goes back before it', async () => {
      const shop = await workshop({ drawing: judged });
      await shop.train({ ...start, keep: 9 });
      for (const step of [9, 12, 18]) shop.run().damaged.add(step);
      await shop.train({ ...RESUME, keep: 9 });
      shop.run().damaged.clear();
      const straight = await workshop({ drawing: judged });
      await straight.train({ ...start, keep: 9 });
      expect(leavings(shop.run())).toEqual(leavings(straight.run()));
    });
  });

  const refusals: readonly [string, TrainRequest, abstract new (...args: never[]) => DomainError, RegExp][] = [
    ['rolls of another shape', { ...START, dataset: 'narrow' }, DatasetMismatchError, /\[1, 64, 256\], those of narrow are \[1, 64, 128\]/],
    ['an unknown model', { ...START, settings: { ...SETTINGS, model: 'dcgan-x' } }, UsageError, /did you mean "dcgan-a"/],
    ['a depth out of range', { ...START, settings: { ...SETTINGS, depth: 0 } }, UsageError, /depth of dcgan-a .* got 0/],
    ['an unknown engine', { ...START, settings: { ...SETTINGS, engine: 'abacus' } }, DomainError, /no engine "abacus"; there are mixing/],
    ['a device that is not there', { ...START, settings: { ...SETTINGS, device: 'cuda' } }, DomainError, /the mixing engine has no device "cuda"; it has cpu/],
    ['a dataset that is not there', { ...START, dataset: 'nowhere' }, DomainError, /nowhere/],
  ]; // prettier-ignore
  it.each(refusals)('refuses %s and writes nothing', async (_what, request, kind, sentence) => {
    const shop = await workshop();
    const failure = await shop.train(request).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect((failure as Error).message).toMatch(sentence);
    expect(shop.runs.runs.size).toBe(0);
  });

  it('refuses to go on with another dataset', async () => {
    const shop = await workshop();
    await shop.train(START);
    await expect(shop.train({ ...RESUME, dataset: 'other' })).rejects.toThrow(/is not the one that run began with/);
    expect(leavings(shop.run())).toEqual(whole);
  });
});

describe('training a network that chooses', () => {
  const recipe = { globalNoise: 4, gamma: 2 };
  const settings = { ...SETTINGS, model: 'apollo', depth: 4, epochs: 2, sampleEvery: 1, recipe };
  const start = { ...START, dataset: 'voices', settings };

  it('learns its vocabulary first, keeps it with the recipe in run.json, and goes on to the same bytes', async () => {
    const [whole, halved] = [await workshop(), await workshop()];
    await whole.train(start);
    await halved.train({ ...start, settings: { ...settings, epochs: 1 } });
    await halved.train({ ...RESUME, settings: { epochs: 2 } });
    const { model } = whole.run().configuration;
    expect(model.recipe).toEqual(recipe);
    expect(model.vocabulary!.forms).toHaveLength(2);
    expect(leavings(halved.run())).toEqual(leavings(whole.run()));
    await expect(halved.train({ ...RESUME, settings: { recipe: { gamma: 3 } } })).rejects.toThrow(/another --recipe/);
  });

  it('is taken for such a dataset when no network is named, and dcgan-a for one voice', async () => {
    const { train, run } = await workshop();
    await train({ ...start, settings: { ...settings, model: undefined, epochs: 1 } });
    expect(run().configuration.model.architecture).toBe('apollo');
    await train({ ...START, settings: { ...SETTINGS, model: undefined, epochs: 1 }, replace: true });
    expect(run().configuration.model.architecture).toBe('dcgan-a');
  });

  it('refuses a dataset that does not keep the voices apart, or has only one', async () => {
    const { train } = await workshop();
    await expect(train({ ...start, dataset: 'data' })).rejects.toThrow(
      /do not keep melody and chords apart .*prepare the tunes with --voices/,
    );
    await expect(train({ ...start, dataset: 'silent' })).rejects.toThrow(/hold no melody at all/);
  });
});
