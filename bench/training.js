// The overhead of a training besides its steps: waiting for feeds, logging, sampling and checkpointing.
//   npm run bench -- training [--model dcgan-a] [--depth 32] [--corpus folder] [--seconds 75]
// It runs the use case on 210 tunes of a folder, which give 20 steps an epoch, so that samples and checkpoints are
// frequent enough to be measured. Their cost does not depend on the number of tunes (samples are compared with at most
// 100). The shares are those of an epoch of all 832 tunes of the Nottingham collection.
// --seconds: the training is stopped after this time, as by Ctrl-C, and what it has done is reported.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTrain } from '../dist/app/train/train.js';
import { createTrainingLoop } from '../dist/app/train/training-loop.js';
import { createServiceProvider } from '../dist/app/wiring/build-container.js';
import { InterruptedError } from '../dist/domain/errors.js';
import { VOICES_FORMAT } from '../dist/domain/model/tune/voices.js';
import { DEFAULT_ROLL_FORMAT } from '../dist/domain/roll/roll-format.js';
import { createBuildStepFeeds } from '../dist/domain/training/step-feeds.js';
import { createPackedBatches } from '../dist/domain/training/packed-batches.js';
import { mean, median, sum } from './statistics.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CORPUS = fileURLToPath(new URL('../../shared/data/nottingham', import.meta.url));
const TUNES = 210;
const EPOCHS = 2;
const SETTINGS = { engine: 'onnxruntime', device: 'cpu', threads: 2, batch: 16, seed: 1, logEvery: 10 };
/** Steps in an epoch of all tunes (1,339 rolls). */
const EPOCH_STEPS = 83;
/** The default number of epochs between samples and between checkpoints. */
const DEFAULT_SAMPLE_EVERY = 10;

/** @param {{model?: string, depth?: string, corpus?: string, seconds?: string}} options as text */
export async function bench({ model = 'dcgan-a', depth, corpus, seconds = '75' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-bench-'));
  try {
    const terminal = { isTTY: false, columns: 80, write: () => true };
    const service = await createServiceProvider({ root: ROOT, quiet: true, terminal, color: false, onSignal() {} });
    const dataset = join(folder, 'dataset');
    const source = await prepareTunes(service, corpus, model, dataset);
    const settings = { ...SETTINGS, model, depth: Number(depth ?? (model === 'dcgan-a' ? 32 : 48)) };
    const times = await train(service, { ...settings, dataset, out: join(folder, 'run') }, Number(seconds));
    const inline = await inlineBatchTime(service, dataset, join(folder, 'run'));
    return report({ ...times, inline }, `${model} depth ${settings.depth}`, source);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prepares tunes of the given folder, by default the Nottingham collection; where that is missing, composed ones. */
async function prepareTunes(service, given, model, out) {
  const isReal = given !== undefined || existsSync(CORPUS);
  const corpus = given ?? CORPUS;
  const files = isReal ? readdirSync(corpus).filter((name) => name.endsWith('.mid')) : [];
  const prepare = await service('prepare');
  await prepare({
    input: isReal
      ? { kind: 'midi', paths: files.slice(0, TUNES).map((name) => join(corpus, name)) }
      : { kind: 'demo', tunes: TUNES, seed: 1 },
    out,
    format: model === 'apollo' ? VOICES_FORMAT : DEFAULT_ROLL_FORMAT,
    preparation: { windows: 'all', layback: 1, transpose: { from: 0, to: 0 }, fold: false },
    replace: false,
    strict: false,
    workers: 0,
    limitBytes: 64 * 2 ** 20,
  });
  return isReal ? `${Math.min(TUNES, files.length)} tunes of ${corpus}` : `${TUNES} composed tunes`;
}

/** Trains with the services of the program, each timed: milliseconds. */
async function train(service, { dataset, out, ...settings }, seconds) {
  const watch = createStopwatch();
  const names = ['datasets', 'runs', 'engines', 'machine', 'drawSamples', 'batchLoader', 'console'];
  const services = await Promise.all(names.map((name) => service(name)));
  const [datasets, runs, engines, machine, drawSamples, batchLoader, console] = services;
  const end = performance.now() + seconds * 1000;
  // A getter, because a timer does not fire while a step blocks the event loop.
  const signal = {
    get aborted() {
      return performance.now() > end;
    },
  };
  const trainingLoop = createTrainingLoop({
    drawSamples: watch.timed('sampling', drawSamples),
    batchLoader: timedBatchLoader(batchLoader, watch),
    console,
    signal,
  });
  const trainTimed = createTrain({
    datasets,
    runs: { ...runs, create: async (...args) => timedRun(await runs.create(...args), watch) },
    engines: timedEngines(engines, watch),
    machine,
    trainingLoop,
    console,
  });
  await trainTimed({
    kind: 'start',
    dataset,
    out,
    keep: 2,
    replace: false,
    settings: { ...settings, epochs: EPOCHS, sampleEvery: 1, checkpointEvery: 1 },
  }).catch((error) => {
    if (!(error instanceof InterruptedError)) throw error;
  });
  return watch.result();
}

const timedRun = (run, watch) => ({
  ...run,
  get configuration() {
    return run.configuration;
  },
  appendLog: watch.timed('logging', run.appendLog),
  saveCheckpoint: watch.timed('checkpointing', run.saveCheckpoint),
});

const timedBatchLoader = (batchLoader, watch) => ({
  open(settings, getPackedRoll) {
    const batches = batchLoader.open(settings, getPackedRoll);
    return {
      prefetch: batches.prefetch,
      next: (step) => {
        watch.mark(); // from here to the step: waiting for its feeds, and requesting those of the next steps
        return batches.next(step);
      },
      close: watch.timed('ending', batches.close),
    };
  },
});

const timedEngines = (engines, watch) => ({
  ...engines,
  open: async (...args) => {
    const { engine, notice } = await engines.open(...args);
    return { engine: timedEngine(engine, watch), notice };
  },
});

/** Copying the state counts as checkpointing. The sampling program's own steps are part of `sampling`. */
const timedEngine = (engine, watch) => ({
  ...engine,
  async compile(program) {
    const compiled = await engine.compile(program);
    if (!program.metrics.some(({ name }) => name === 'generator.loss')) return compiled;
    const step = watch.timed('step', compiled.step);
    return {
      load: async (state) => {
        await compiled.load(state);
        watch.begin(); // everything before happens once
      },
      step: (feeds) => {
        watch.sinceMark('feeds');
        return step(feeds);
      },
      read: watch.timed('checkpointing', compiled.read),
      release: watch.timed('ending', compiled.release),
    };
  },
});

/** Collects times by cause from `begin` to the end of the last call. The causes do not overlap. */
function createStopwatch() {
  const times = {};
  let begun;
  let marked;
  let ended;
  const record = (cause, from) => {
    ended = performance.now();
    if (begun !== undefined) (times[cause] ??= []).push(ended - from);
  };
  return {
    begin: () => (begun = performance.now()),
    mark: () => (marked = performance.now()),
    sinceMark: (cause) => record(cause, marked),
    timed:
      (cause, work) =>
      (...args) => {
        const from = performance.now();
        const result = work(...args);
        if (!(result instanceof Promise)) return (record(cause, from), result);
        return result.finally(() => record(cause, from));
      },
    result: () => ({ ...times, total: ended - begun }),
  };
}

/** The median milliseconds to build the feeds of a step in the thread of the step. */
async function inlineBatchTime(service, datasetPath, runPath) {
  const [dataset, run] = await Promise.all([
    (await service('datasets')).open(datasetPath),
    (await service('runs')).open(runPath, 'read'),
  ]);
  const packedBatches = createPackedBatches(run.configuration, (index) => dataset.packedRoll(index));
  const buildStepFeeds = createBuildStepFeeds(run.configuration);
  const times = [];
  for (let step = 0; step < 40; step++) {
    const begun = performance.now();
    buildStepFeeds(step, packedBatches(step));
    times.push(performance.now() - begun);
  }
  await run.close();
  await dataset.close();
  return median(times);
}

function report(times, model, source) {
  const { step, feeds, logging, sampling, checkpointing = [], ending, total, inline } = times;
  if (sampling === undefined) throw new Error('the training was stopped before its first samples; give more --seconds');
  const count = step.length;
  const stepTime = (sum(step) + sum(feeds)) / count;
  // The rest is the loop, the progress line and the search for values that are not finite. It counts as logging.
  const rest = (total - sum([step, feeds, logging, sampling, checkpointing, ending].map(sum))) / count;
  const logTime = (logging.length / count) * mean(logging) + rest;
  const [sampleTime, checkpointTime] = [sum(sampling), sum(checkpointing)].map((ms) => ms / sampling.length);
  const overheadShare = (sampleEvery) => {
    const overhead = EPOCH_STEPS * logTime + (sampleTime + checkpointTime) / sampleEvery;
    return overhead / (EPOCH_STEPS * stepTime + overhead);
  };
  const share = (name, value, goal) => ({ name: `${name}, ${model}`, value: percent(value), unit: '%', goal });
  return {
    figures: [
      share('waiting for feeds, share of a step', sum(feeds) / (sum(step) + sum(feeds)), '< 1'),
      share('logging, sampling, checkpointing, share of an epoch', overheadShare(DEFAULT_SAMPLE_EVERY), '< 2'),
      share('the same, with samples and a checkpoint in each epoch', overheadShare(1), ''),
    ],
    lines: [
      `training: ${source}, ${model}: ${count} steps of ${ms(median(step))} (median), ${ms(total)} in all`,
      `training: feeds: ${ms(sum(feeds) / count)} a step; in the thread of the step they would take ${ms(inline)}`,
      `training: a line of the log ${ms(mean(logging))}, ` +
        `samples ${ms(sampleTime)} (${sampling.length}: ${sampling.map(ms).join(', ')}), ` +
        `a checkpoint with its copy of the state ${ms(checkpointTime)}, the rest ${ms(rest)} a step`,
    ],
  };
}

const ms = (value) => `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;
const percent = (share) => Math.round(share * 10_000) / 100;
