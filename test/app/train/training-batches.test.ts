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

interface SetUpOptions {
  readonly batchLoader?: ReturnType<typeof plainBatchLoader>;
  /** Called before step n, counted from 1. */
  readonly beforeStep?: (step: number) => void;
  /** Whether the loss of step n becomes NaN. */
  readonly isSpoiled?: (step: number) => boolean;
  readonly compile?: TensorEngine['compile'];
}

function setUp({ batchLoader = plainBatchLoader(), beforeStep, isSpoiled, compile }: SetUpOptions = {}) {
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
          beforeStep?.(step);
          const metrics = await compiled.step(given);
          const nan = { shape: [], data: Float32Array.of(NaN) };
          return isSpoiled?.(step) === true ? new Map([...metrics, ['generator.loss', nan]]) : metrics;
        },
      };
    },
  };
  const loop = createTrainingLoop({
    drawSamples: async () => ({}),
    batchLoader,
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
  return { train, batchLoader, stop, checkpoints: () => [...runs.runs.get('run')!.checkpoints.keys()] };
}

describe('the batches of a training', () => {
  it('are prefetched two steps ahead, and none beyond the last step', async () => {
    const newestPrefetched: number[] = [];
    const training = setUp({ beforeStep: () => newestPrefetched.push(Math.max(...training.batchLoader.asked)) });
    expect(await training.train()).toMatchObject({ steps: STEPS });
    expect(newestPrefetched).toEqual([2, 3, 4, 5, 6, 7, 8, 8, 8]); // the batch loader counts steps from 0
    expect(training.batchLoader.closed()).toBe(1);
  });

  it('are prefetched for the first step before the program is compiled', async () => {
    let prefetched: number[] = [];
    const training: ReturnType<typeof setUp> = setUp({
      compile: (program) => {
        prefetched = [...training.batchLoader.asked];
        return mixingEngine.compile(program);
      },
    });
    await training.train();
    expect(prefetched).toEqual([0]);
  });

  const failEngine = (): never => {
    throw new EngineError('the engine failed');
  };
  const failures: readonly [string, SetUpOptions, abstract new (...args: never[]) => DomainError, number[]][] = [
    ['a NaN loss', { isSpoiled: (step) => step === 5 }, TrainingDivergedError, [3]],
    ['an engine that fails', { beforeStep: (step) => (step === 8 ? failEngine() : undefined) }, EngineError, [3, 6]],
    ['a program that does not compile', { compile: async () => failEngine() }, EngineError, []],
    ['a batch that cannot be loaded', { batchLoader: plainBatchLoader(4) }, WorkerError, [3]],
  ];
  it.each(failures)(
    'are closed after %s, and the earlier checkpoints are kept',
    async (_what, options, kind, steps) => {
      const training = setUp(options);
      await expect(training.train()).rejects.toThrow(kind);
      expect(training.checkpoints()).toEqual(steps);
      expect(training.batchLoader.closed()).toBe(1);
    },
  );

  it('are closed after a stop, and the last step is saved', async () => {
    const training = setUp({ beforeStep: (step) => (step === 4 ? training.stop.abort() : undefined) });
    await expect(training.train()).rejects.toThrow(InterruptedError);
    expect(training.checkpoints()).toEqual([3, 4]);
    expect(training.batchLoader.closed()).toBe(1);
  });
});
