import { UsageError } from '../../../domain/errors.js';
import type { Hyperparameters } from '../../../domain/model/model-spec.js';
import type { ServiceProvider } from '../../wiring/services.js';
import type { TrainRequest, TrainingSettings } from '../../train/train.js';
import { defineCommand } from '../command.js';
import { choice, flag, parsed, text, integer } from '../option.js';
import { ENGINE_NAMES } from '../../wiring/engine-names.js';
import { MAX_SEED, parseRecipe, TRAINING_DEVICES } from '../values.js';

/** What a run starts with when nothing else is said. Options have no defaults of their own: a resumed run keeps its. */
const DEFAULT_SETTINGS = {
  engine: 'onnxruntime',
  device: 'auto',
  batch: 16,
  epochs: 100,
  seed: 1,
  logEvery: 10,
  sampleEvery: 10,
  checkpointEvery: 10,
} as const;

export const trainCommand = defineCommand({
  name: 'train',
  summary: 'train a network on a dataset, or go on with a run',
  positionals: {
    usage: '<dataset>',
    describe: 'the folder that apollo prepare made; with --resume and without --out, the folder of the run',
    min: 0,
    max: 1,
  },
  options: {
    out: text('folder', 'the run to make: log, samples, checkpoints', undefined),
    resume: flag('go on with a run that was stopped, or train it for more --epochs'),
    model: text(
      'name',
      'the network, one of those that apollo models lists',
      undefined,
      'the one that fits the dataset',
    ),
    depth: integer(
      'channels of the widest layers: more learns more, and slower',
      1,
      256,
      undefined,
      "the network's usual one",
    ),
    recipe: parsed<Hyperparameters | undefined>(
      'list',
      "numbers of the network's recipe in place of its usual ones, such as gamma=5,globalNoise=32",
      parseRecipe,
      undefined,
      "the network's own, which apollo models lists",
    ),
    epochs: integer('how often each roll is seen', 1, 1_000_000, undefined, String(DEFAULT_SETTINGS.epochs)),
    batch: integer('rolls a step', 1, 4096, undefined, String(DEFAULT_SETTINGS.batch)),
    seed: integer(
      'where chance starts: the same seed gives the same run',
      0,
      MAX_SEED,
      undefined,
      String(DEFAULT_SETTINGS.seed),
    ),
    engine: choice(
      'what computes; reference is slow, to check the others',
      ENGINE_NAMES,
      undefined,
      DEFAULT_SETTINGS.engine,
    ),
    device: choice(
      'where: cpu, cuda, webgpu of onnxruntime; gpu, cpu, wasm, js of tfjs',
      TRAINING_DEVICES,
      undefined,
      DEFAULT_SETTINGS.device,
    ),
    threads: integer('threads to compute with', 1, 256, undefined, 'one a core'),
    keep: integer('how many of the newest checkpoints to keep; the best is kept besides', 1, 1_000_000, 2),
    'log-every': integer(
      'steps from one line of the log to the next',
      1,
      1_000_000,
      undefined,
      String(DEFAULT_SETTINGS.logEvery),
    ),
    'sample-every': integer(
      'epochs from one set of samples to the next',
      1,
      1_000_000,
      undefined,
      String(DEFAULT_SETTINGS.sampleEvery),
    ),
    'checkpoint-every': integer(
      'epochs from one checkpoint to the next',
      1,
      1_000_000,
      undefined,
      String(DEFAULT_SETTINGS.checkpointEvery),
    ),
    force: flag('replace a run that is there already'),
  },
  examples: [
    ['apollo train data/demo --depth 8 --epochs 5 --out runs/demo', 'a small network, in minutes'],
    ['apollo train --resume runs/demo', 'go on after Ctrl-C'],
    ['apollo train --resume runs/demo --epochs 50', 'train it for longer'],
  ],
  createAction(values, words) {
    const { out, resume, keep, force, engine, device, threads, epochs } = values;
    const given = omitUndefined({
      ...{ model: values.model, depth: values.depth, recipe: values.recipe, batch: values.batch, seed: values.seed },
      ...{ epochs, engine, device, threads },
      logEvery: values['log-every'],
      sampleEvery: values['sample-every'],
      checkpointEvery: values['checkpoint-every'],
    });
    if (resume) return createResumeAction(out, words[0], keep, force, given);
    const [dataset] = words;
    if (dataset === undefined) throw new UsageError('<dataset> is missing: the folder that apollo prepare made');
    if (out === undefined) throw new UsageError('--out is missing: the folder of the run to make');
    return async (services) => {
      if (given.model !== undefined) {
        const { buildModel } = await import('../../../domain/model/catalogue/catalogue.js');
        buildModel(given.model, given.depth, { recipe: given.recipe }); // a name or depth that is not there is told before all else
      }
      const threadsHere = (await services('machine')).facts().cores;
      const settings: TrainingSettings = {
        ...DEFAULT_SETTINGS,
        model: undefined,
        depth: undefined,
        threads: threadsHere,
        ...given,
      };
      return runTraining({ kind: 'start', dataset, out, settings, keep, replace: force }, services);
    };
  },
});

type GivenSettings = { readonly [K in keyof TrainingSettings]?: NonNullable<TrainingSettings[K]> };

function createResumeAction(
  out: string | undefined,
  word: string | undefined,
  keep: number,
  force: boolean,
  given: GivenSettings,
) {
  if (force)
    throw new UsageError('--force would replace the run that --resume is to go on with: leave one of them out');
  const run = out ?? word;
  if (run === undefined) throw new UsageError('name the run to go on with, as in: apollo train --resume runs/first');
  const dataset = out === undefined ? undefined : word;
  return async (services: ServiceProvider) =>
    runTraining({ kind: 'resume', dataset, out: run, settings: given, keep }, services);
}

async function runTraining(request: TrainRequest, services: ServiceProvider) {
  const [run, { describeTraining }] = await Promise.all([services('train'), import('../../train/describe.js')]);
  const result = await run(request);
  return { lines: describeTraining(result), json: result };
}

/** Only what was given. */
function omitUndefined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
