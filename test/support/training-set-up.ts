import { createHash } from 'node:crypto';
import { createTrain } from '../../src/app/train/train.js';
import { createTrainingLoop } from '../../src/app/train/training-loop.js';
import type { DrawSamples } from '../../src/app/train/training-samples.js';
import { createEngineRegistry, onCpuOnly } from '../../src/app/wiring/engine-registry.js';
import { VOICES_FORMAT } from '../../src/domain/model/tune/voices.js';
import { randomStream } from '../../src/domain/random.js';
import { blankRoll, packRoll } from '../../src/domain/roll/piano-roll.js';
import { DEFAULT_ROLL_FORMAT, type RollFormat } from '../../src/domain/roll/roll-format.js';
import type { TensorEngine } from '../../src/ports/tensor-engine.js';
import { createFakeRunStore, type FakeRun } from './fakes/fake-run-store.js';
import { sha256 } from '../../src/adapters/node-platform/sha256.js';
import { createMemoryDatasetStore, type MemoryDatasetStore } from '../../src/adapters/web/memory-dataset-store.js';
import { mixingEngine } from './fakes/mixing-engine.js';
import { plainBatchLoader } from './fakes/plain-batch-loader.js';
import { recordingConsole } from './fakes/recording-console.js';
import { TUNES } from './model/apollo-fixtures.js';
import { bitsOf } from './run-fixtures.js';

export const SETTINGS = {
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
export const START = {
  kind: 'start',
  dataset: 'data',
  out: 'run',
  keep: 2,
  replace: false,
  settings: SETTINGS,
} as const;
export const RESUME = { kind: 'resume', dataset: undefined, out: 'run', keep: 2, settings: {} } as const;

interface SetUpOptions {
  readonly onStep?: (step: number) => void;
  /** Whether the losses of a step become NaN. */
  readonly isSpoiled?: (step: number) => boolean;
  readonly drawSamples?: DrawSamples;
}

/** The cores of the machine, which are the default number of threads. */
export const CORES = 3;

/** Saves a digest of the state as the only sample, so that any difference in the state shows. */
const fingerprint: DrawSamples = async ({ run }, state, epoch) => {
  await run.saveSample(
    epoch,
    'state',
    new TextEncoder().encode(JSON.stringify(bitsOf(state).map(String).map(digestOf))),
  );
  return { 'sample.blank': epoch / 100 };
};

/** The same, with a Frechet distance of DISTANCES[i - 1] after epoch i. */
export const fingerprintWithDistance: DrawSamples = async (training, state, epoch) => ({
  ...(await fingerprint(training, state, epoch)),
  'distance.frechet': DISTANCES[epoch - 1]!,
});
const DISTANCES = [9, 6, 4, 7, 4, 5];

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Seven rolls in a memory dataset: three steps of two an epoch. */
export async function setUpTraining({ onStep, isSpoiled, drawSamples = fingerprint }: SetUpOptions = {}) {
  const datasets = createMemoryDatasetStore({ digest: sha256 });
  await fill(datasets, 'data', DEFAULT_ROLL_FORMAT, 1);
  await fill(datasets, 'other', DEFAULT_ROLL_FORMAT, 2);
  await fill(datasets, 'narrow', { ...DEFAULT_ROLL_FORMAT, columns: 128 }, 1);
  await fillVoices(datasets, 'voices');
  await fillVoices(datasets, 'silent', [blankRoll(VOICES_FORMAT), blankRoll(VOICES_FORMAT)]);
  const [runs, console, stop] = [createFakeRunStore(), recordingConsole(), new AbortController()];
  let step = 0;
  const watch = { report: () => onStep?.(++step), isSpoiled: () => isSpoiled?.(step) ?? false };
  const engines = createEngineRegistry({
    mixing: onCpuOnly(() => watched(mixingEngine, watch.report, watch.isSpoiled)),
  });
  const loop = createTrainingLoop({
    drawSamples,
    batchLoader: plainBatchLoader(),
    console,
    signal: stop.signal,
  });
  const memory = { total: 2, free: 1 };
  const machine = { facts: () => ({ platform: 'linux x64', node: '20.19.0', cores: CORES, memory }) };
  const train = createTrain({ datasets, runs, engines, machine, trainingLoop: loop, console });
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

/** The engine with each training step reported, and with a NaN loss where `isSpoiled` says so. */
const watched = (engine: TensorEngine, report: () => void, isSpoiled: () => boolean): TensorEngine => ({
  ...engine,
  compile: async (program) => {
    const compiled = await engine.compile(program);
    if (program.state.length === 0 || !program.name.includes('training')) return compiled;
    return {
      ...compiled,
      step: async (feeds) => {
        report();
        const metrics = await compiled.step(feeds);
        return isSpoiled()
          ? new Map([...metrics, ['generator.loss', { shape: [], data: Float32Array.of(NaN) }]])
          : metrics;
      },
    };
  },
});

/** Everything that a run stores, bit for bit. */
export const contentsOf = ({ configuration, checkpoints, log, samples }: FakeRun): unknown => ({
  configuration,
  log,
  checkpoints: [...checkpoints.values()].map(({ step, state }) => [step, bitsOf(state)]),
  samples: [...samples].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
});
