import { describe, expect, it } from '@jest/globals';
import { createTrainingLoop } from '../../../src/app/train/training-loop.js';
import { EngineError, InterruptedError, WorkerError, type DomainError } from '../../../src/domain/errors.js';
import { buildConfiguredModel } from '../../../src/domain/model/catalogue/catalogue.js';
import { TrainingDivergedError } from '../../../src/domain/training/training-errors.js';
import type { TensorEngine } from '../../../src/ports/tensor-engine.js';
import { createFakeRunStore } from '../../support/fakes/fake-run-store.js';
import { mixingEngine } from '../../support/fakes/mixing-engine.js';
import { plainBatchLoader } from '../../support/fakes/plain-batch-loader.js';
import { recordingConsole } from '../../support/fakes/recording-console.js';
import { configuration as usual } from '../../support/run-fixtures.js';

/** Seven rolls, three steps of two an epoch, three epochs, a checkpoint after each. */
const configuration = { ...usual, batch: 2, dataset: { ...usual.dataset, rolls: 7 } };
const STEPS = 9;

interface Wishes {
  readonly feeds?: ReturnType<typeof plainBatchLoader>;
  /** Before step n, from 1. */
  readonly before?: (step: number) => void;
  /** Whether the loss of step n is NaN. */
  readonly spoil?: (step: number) => boolean;
  readonly compile?: TensorEngine['compile'];
}

function workshop({ feeds = plainBatchLoader(), before, spoil, compile }: Wishes = {}) {
  const [runs, stop] = [createFakeRunStore(), new AbortController()];
  const engine: TensorEngine = {
    ...mixingEngine,
    compile: async (program) => {
      const compiled = await (compile ?? mixingEngine.compile)(program);
      let step = 0;
      return {
        ...compiled,
        step: async (given) => {
          step++;
          before?.(step);
          const metrics = await compiled.step(given);
          const nan = { shape: [], data: Float32Array.of(NaN) };
          return spoil?.(step) === true ? new Map([...metrics, ['generator.loss', nan]]) : metrics;
        },
      };
    },
  };
  const loop = createTrainingLoop({
    drawSamples: async () => ({}),
    batchLoader: feeds,
    console: recordingConsole(),
    signal: stop.signal,
  });
  const train = async () => {
    const run = await runs.create('run', configuration, { replace: false });
    const { dataset, model } = configuration;
    const manifest = { format: dataset.format, rolls: dataset.rolls } as never;
    const rolls = {
      manifest,
      packedRoll: (roll: number) => new Uint8Array(2048).fill(roll),
      close: async () => undefined,
    };
    return loop({ run, configuration, spec: buildConfiguredModel(model), dataset: rolls, engine, keep: 9 });
  };
  return { train, feeds, stop, checkpoints: () => [...runs.runs.get('run')!.checkpoints.keys()] };
}

describe('feeds in a training', () => {
  it('of the two steps after the one that runs have been asked for before it, and none after the last', async () => {
    const newest: number[] = [];
    const shop = workshop({ before: () => newest.push(Math.max(...shop.feeds.asked)) });
    expect(await shop.train()).toMatchObject({ steps: STEPS });
    expect(newest).toEqual([2, 3, 4, 5, 6, 7, 8, 8, 8]); // steps are counted from 0 where they are fed
    expect(shop.feeds.closed()).toBe(1);
  });

  it('of the first step are asked for before the program is compiled', async () => {
    let asked: number[] = [];
    const shop: ReturnType<typeof workshop> = workshop({
      compile: (program) => {
        asked = [...shop.feeds.asked];
        return mixingEngine.compile(program);
      },
    });
    await shop.train();
    expect(asked).toEqual([0]);
  });

  const failing = (): never => {
    throw new EngineError('the engine failed');
  };
  const ends: readonly [string, Wishes, abstract new (...args: never[]) => DomainError, number[]][] = [
    ['a loss that is no number', { spoil: (step) => step === 5 }, TrainingDivergedError, [3]],
    ['an engine that fails', { before: (step) => (step === 8 ? failing() : undefined) }, EngineError, [3, 6]],
    ['a program that does not compile', { compile: async () => failing() }, EngineError, []],
    ['feeds that cannot be made', { feeds: plainBatchLoader(4) }, WorkerError, [3]],
  ];
  it.each(ends)('end with %s, and the checkpoints before it stay', async (_what, wishes, kind, steps) => {
    const shop = workshop(wishes);
    await expect(shop.train()).rejects.toThrow(kind);
    expect(shop.checkpoints()).toEqual(steps);
    expect(shop.feeds.closed()).toBe(1);
  });

  it('end with a stop, of which all is saved', async () => {
    const shop = workshop({ before: (step) => (step === 4 ? shop.stop.abort() : undefined) });
    await expect(shop.train()).rejects.toThrow(InterruptedError);
    expect(shop.checkpoints()).toEqual([3, 4]);
    expect(shop.feeds.closed()).toBe(1);
  });
});
