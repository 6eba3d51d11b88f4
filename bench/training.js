// What a training does beside its steps: waiting for feeds, logging, sampling, checkpointing, as shares of an epoch.
//   npm run bench -- training [--model dcgan-a] [--depth 32] [--corpus folder] [--seconds 75]
// The use case itself trains on tunes that it prepares before: 210 of a folder, which give 20 steps an epoch, so that
// samplings and checkpoints come often enough to be timed. What each costs does not depend on how many tunes there are
// (samples are compared with 100 at most); the shares are those of an epoch of all 832 tunes of the Nottingham collection.
// --seconds: after so many the training is stopped, as Ctrl-C does; what it did until then is told.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildContainer } from '../dist/app/wiring/container.js';
import { TOKENS } from '../dist/app/wiring/tokens.js';
import { createTrain } from '../dist/app/train/train.js';
import { createTrainingLoop } from '../dist/app/train/training-loop.js';
import { InterruptedError } from '../dist/domain/errors.js';
import { VOICES_FORMAT } from '../dist/domain/model/tune/voices.js';
import { DEFAULT_ROLL_FORMAT } from '../dist/domain/roll/roll-format.js';
import { createBuildStepFeeds } from '../dist/domain/training/step-feeds.js';
import { createPackedBatches } from '../dist/domain/training/packed-batches.js';

const CORPUS = fileURLToPath(new URL('../../shared/data/nottingham', import.meta.url));
const TUNES = 210;
const EPOCHS = 2;
const SETTINGS = { engine: 'onnxruntime', device: 'cpu', threads: 2, batch: 16, seed: 1, logEvery: 10 };
/** Steps of an epoch of all tunes (1,339 rolls), and how often `apollo train` samples and saves when not told: epochs. */
const EPOCH_STEPS = 83;
const DEFAULT_SAMPLE_EVERY = 10;

/** @param {{model?: string, depth?: string, corpus?: string, seconds?: string}} options as typed */
export async function bench({ model = 'dcgan-a', depth, corpus, seconds = '75' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-bench-'));
  try {
    const services = await servicesOf();
    const dataset = join(folder, 'dataset');
    const source = await prepareTunes(services, corpus, model, dataset);
    const settings = { ...SETTINGS, model, depth: Number(depth ?? (model === 'dcgan-a' ? 32 : 48)) };
    const times = await train(services, { ...settings, dataset, out: join(folder, 'run') }, Number(seconds));
    const alone = await batchesInThisThread(services, dataset, join(folder, 'run'));
    return report({ ...times, alone }, `${model} depth ${settings.depth}`, source);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function servicesOf() {
  const screen = { isTTY: false, columns: 80, write: () => true };
  const container = await buildContainer({ quiet: true, screen, noteSignal() {} });
  return (token) => container.getAsync(token);
}

/** Tunes of the folder that is given, else of the usual one, else composed ones. */
async function prepareTunes(services, given, model, out) {
  const real = given !== undefined || existsSync(CORPUS);
  const corpus = given ?? CORPUS;
  const files = real ? readdirSync(corpus).filter((name) => name.endsWith('.mid')) : [];
  const prepare = await services(TOKENS.prepare);
  await prepare({
    source: real
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
  return real ? `${Math.min(TUNES, files.length)} tunes of ${corpus}` : `${TUNES} composed tunes`;
}

/** Trains with the program's own parts, a stopwatch around each. Milliseconds. */
async function train(services, { dataset, out, ...settings }, seconds) {
  const watch = stopwatch();
  const [datasets, runs, engines, samples, feeds, console] = await Promise.all(
    ['datasetStore', 'runStore', 'engineRegistry', 'drawSamples', 'feedSource', 'console'].map((name) =>
      services(TOKENS[name]),
    ),
  );
  const end = performance.now() + seconds * 1000;
  const interruption = {
    get requested() {
      return performance.now() > end;
    },
  };
  const timedRuns = { ...runs, create: async (...args) => timedRun(await runs.create(...args), watch) };
  const timedEngines = {
    ...engines,
    open: async (...args) => {
      const { engine, notice } = await engines.open(...args);
      return { engine: timedEngine(engine, watch), notice };
    },
  };
  const loop = createTrainingLoop(
    watch.timed('sampling', samples),
    timedBatchLoader(feeds, watch),
    console,
    interruption,
  );
  const request = {
    kind: 'start',
    dataset,
    out,
    keep: 2,
    replace: false,
    settings: { ...settings, epochs: EPOCHS, sampleEvery: 1, checkpointEvery: 1 },
  };
  await createTrain(
    datasets,
    timedRuns,
    timedEngines,
    loop,
    console,
  )(request).catch((error) => {
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

const timedBatchLoader = (source, watch) => ({
  open(plan, packed) {
    const feeds = source.open(plan, packed);
    return {
      ask: feeds.ask,
      take: (step) => {
        watch.mark(); // from here to the step: taking its feeds, and asking for those of the next steps
        return feeds.take(step);
      },
      close: watch.timed('ending', feeds.close),
    };
  },
});

/** Copies of the state count as checkpointing; what the sampling's own program does is within `sampling`. */
const timedEngine = (engine, watch) => ({
  ...engine,
  async compile(program) {
    const compiled = await engine.compile(program);
    if (!program.metrics.some(({ name }) => name === 'generator.loss')) return compiled;
    const step = watch.timed('step', compiled.step);
    return {
      load: async (state) => {
        await compiled.load(state);
        watch.begin(); // all before is done once
      },
      step: (given) => {
        watch.sinceMark('feeds');
        return step(given);
      },
      read: watch.timed('checkpointing', compiled.read),
      release: watch.timed('ending', compiled.release),
    };
  },
});

/** Times by cause what is done between `begin` and the last call of all. Nothing of it overlaps. */
function stopwatch() {
  const times = {};
  let begun;
  let marked;
  let ended;
  const note = (cause, from) => {
    ended = performance.now();
    if (begun !== undefined) (times[cause] ??= []).push(ended - from);
  };
  return {
    begin: () => (begun = performance.now()),
    mark: () => (marked = performance.now()),
    sinceMark: (cause) => note(cause, marked),
    timed:
      (cause, work) =>
      (...args) => {
        const from = performance.now();
        const result = work(...args);
        if (!(result instanceof Promise)) return (note(cause, from), result);
        return result.finally(() => note(cause, from));
      },
    result: () => ({ ...times, whole: ended - begun }),
  };
}

/** What a step would wait for if its feeds were made before it in its own thread. */
async function batchesInThisThread(services, dataset, out) {
  const [{ packed, close }, run] = await Promise.all([
    (await services(TOKENS.datasetStore)).open(dataset),
    (await services(TOKENS.runStore)).open(out, 'read'),
  ]);
  const [batches, feedsOf] = [createPackedBatches(run.configuration, packed), createBuildStepFeeds(run.configuration)];
  const times = [];
  for (let step = 0; step < 40; step++) {
    const begun = performance.now();
    feedsOf(step, batches(step));
    times.push(performance.now() - begun);
  }
  await run.close();
  await close();
  return median(times);
}

function report({ step, feeds, logging, sampling, checkpointing = [], ending, whole, alone }, what, source) {
  if (sampling === undefined) throw new Error('the training was stopped before its first samples: give more --seconds');
  const steps = sum(step);
  const waiting = sum(feeds) / (steps + sum(feeds));
  const rest = whole - sum([step, feeds, logging, sampling, checkpointing, ending].map(sum));
  const count = step.length;
  const lines = logging.length / count;
  const samplings = sampling.length;
  // An epoch of all tunes. What nothing else accounts for (the loop, progress, looking for what is not finite) is logging.
  const stepping = (EPOCH_STEPS * (steps + sum(feeds))) / count;
  const log = EPOCH_STEPS * (lines * mean(logging) + rest / count);
  const [samples, saving] = [sum(sampling), sum(checkpointing)].map((ms) => ms / samplings);
  const share = (every) => {
    const beside = log + (samples + saving) / every;
    return beside / (stepping + beside);
  };
  const ms = (value) => `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;
  return {
    figures: [
      { name: `waiting for feeds, share of a step, ${what}`, value: percent(waiting), unit: '%', goal: '< 1' },
      {
        name: `logging, sampling, checkpointing, share of an epoch, ${what}`,
        value: percent(share(DEFAULT_SAMPLE_EVERY)),
        unit: '%',
        goal: '< 2',
      },
      {
        name: `the same, with samples and a checkpoint in each epoch, ${what}`,
        value: percent(share(1)),
        unit: '%',
        goal: '',
      },
    ],
    lines: [
      `training: ${source}, ${what}: ${count} steps of ${ms(median(step))} (median), of ${ms(whole)} in all`,
      `training: feeds: ${ms(sum(feeds) / count)} a step; made in the step's own thread they would take ${ms(alone)}`,
      `training: a line of the log ${ms(mean(logging))}, a sampling ${ms(samples)} (${samplings}: ${sampling.map(ms).join(', ')}), ` +
        `a checkpoint with its copy of the state ${ms(saving)}, the rest ${ms(rest / count)} a step`,
    ],
  };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const mean = (values) => sum(values) / values.length;
const percent = (share) => Math.round(share * 10_000) / 100;
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
