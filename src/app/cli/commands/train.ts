import { UsageError } from '../../../domain/errors.js';
import type { Hyperparameters } from '../../../domain/model/model-spec.js';
import {
  DEFAULT_TRAINING_SETTINGS as DEFAULTS,
  type TrainingSettings,
} from '../../../domain/training/training-settings.js';
import type { TrainRequest } from '../../train/train-request.js';
import type { ServiceProvider } from '../../wiring/services.js';
import { defineCommand } from '../command.js';
import { choice, flag, parsed, text, integer } from '../option.js';
import { ENGINE_NAMES } from '../../wiring/engine-names.js';
import { MAX_SEED, parseRecipe, TRAINING_DEVICES } from '../values.js';

export const trainCommand = defineCommand({
  name: 'train',
  summary: 'train a network on a dataset, or resume a run',
  positionals: {
    usage: '<dataset>',
    describe: 'the folder that apollo prepare made; with --resume and without --out, the folder of the run',
    min: 0,
    max: 1,
  },
  options: {
    out: text('folder', 'the run to write: log, samples, checkpoints', undefined),
    resume: flag('resume a run that was stopped, or train it for more --epochs'),
    model: text(
      'name',
      'the network, one of those that apollo models lists',
      undefined,
      'the one that fits the dataset',
    ),
    depth: integer(
      'channels of the widest layers: more can learn more, and are slower',
      1,
      256,
      undefined,
      "the network's usual one",
    ),
    recipe: parsed<Hyperparameters | undefined>(
      'list',
      'hyperparameters of the network to change, such as gamma=5,globalNoise=32',
      parseRecipe,
      undefined,
      "the network's own, listed by apollo models",
    ),
    epochs: integer('passes over the dataset', 1, 1_000_000, undefined, String(DEFAULTS.epochs)),
    batch: integer('rolls in a step', 1, 4096, undefined, String(DEFAULTS.batch)),
    seed: integer(
      'seed of the random numbers: the same seed gives the same run',
      0,
      MAX_SEED,
      undefined,
      String(DEFAULTS.seed),
    ),
    engine: choice(
      'the library that computes; reference is slow, to check the others',
      ENGINE_NAMES,
      undefined,
      DEFAULTS.engine,
    ),
    device: choice(
      'device: cpu, cuda, webgpu of onnxruntime; gpu, cpu, wasm, js of tfjs',
      TRAINING_DEVICES,
      undefined,
      DEFAULTS.device,
    ),
    threads: integer('number of threads', 1, 256, undefined, 'one for each core'),
    keep: integer('number of newest checkpoints to keep, besides the best one', 1, 1_000_000, 2),
    'log-every': integer('steps between lines of the log', 1, 1_000_000, undefined, String(DEFAULTS.logEvery)),
    'sample-every': integer('epochs between sets of samples', 1, 1_000_000, undefined, String(DEFAULTS.sampleEvery)),
    'checkpoint-every': integer(
      'epochs between checkpoints',
      1,
      1_000_000,
      undefined,
      String(DEFAULTS.checkpointEvery),
    ),
    force: flag('replace an existing run'),
  },
  examples: [
    ['apollo train data/demo --depth 8 --epochs 5 --out runs/demo', 'a small network, in minutes'],
    ['apollo train --resume runs/demo', 'resume after Ctrl-C'],
    ['apollo train --resume runs/demo --epochs 50', 'train it for longer'],
  ],
  createAction(values, words) {
    const { out, resume, keep, force, engine, device, threads, epochs } = values;
    const settings = omitUndefined({
      ...{ model: values.model, depth: values.depth, recipe: values.recipe, batch: values.batch, seed: values.seed },
      ...{ epochs, engine, device, threads },
      logEvery: values['log-every'],
      sampleEvery: values['sample-every'],
      checkpointEvery: values['checkpoint-every'],
    });
    if (resume) return createResumeAction(out, words[0], keep, force, settings);
    const [dataset] = words;
    if (dataset === undefined) throw new UsageError('<dataset> is missing: the folder that apollo prepare made');
    if (out === undefined) throw new UsageError('--out is missing: the folder of the run to make');
    const request = { kind: 'start', dataset, out, settings, keep, replace: force } as const;
    return (services) => runTraining(request, services);
  },
});

function createResumeAction(
  out: string | undefined,
  positional: string | undefined,
  keep: number,
  force: boolean,
  settings: Partial<TrainingSettings>,
) {
  if (force) throw new UsageError('--force would replace the run that --resume continues; leave one of them out');
  const run = out ?? positional;
  if (run === undefined) throw new UsageError('name the run to resume, as in: apollo train --resume runs/first');
  const dataset = out === undefined ? undefined : positional;
  const request = { kind: 'resume', dataset, out: run, settings, keep } as const;
  return (services: ServiceProvider) => runTraining(request, services);
}

async function runTraining(request: TrainRequest, services: ServiceProvider) {
  const [train, { describeTraining }] = await Promise.all([services('train'), import('../../train/describe.js')]);
  const result = await train(request);
  return { lines: describeTraining(result), json: result };
}

/** Keeps only the properties that have a value. */
function omitUndefined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
