import {
  defaultArchitectureFor,
  buildModel,
  findArchitecture,
  buildConfiguredModel,
} from '../../domain/model/catalogue/catalogue.js';
import type { ModelSpec, Hyperparameters } from '../../domain/model/model-spec.js';
import { UsageError } from '../../domain/errors.js';
import { learnVocabulary, type Vocabulary, type VocabularyLimits } from '../../domain/model/tune/vocabulary.js';
import { VOICES_FORMAT } from '../../domain/model/tune/voices.js';
import { unpackRoll, type PianoRoll } from '../../domain/roll/piano-roll.js';
import { describeFormat, rollShape, sameChannels } from '../../domain/roll/roll-format.js';
import { sameShape, shapeText } from '../../domain/tensor/tensor.js';
import { RUN_VERSION, type RunConfiguration } from '../../domain/training/run-configuration.js';
import { createRunSchedule } from '../../domain/training/run-schedule.js';
import { DatasetMismatchError } from '../../domain/training/training-errors.js';
import type { Console } from '../../ports/console.js';
import type { Dataset, DatasetStore } from '../../ports/dataset-store.js';
import type { EngineRegistry } from '../../ports/engine-registry.js';
import type { Run, RunStore } from '../../ports/run-store.js';
import type { TrainingLoop, TrainingLoopResult } from './training-loop.js';

/** Numbers that a run is started with. */
export interface TrainingSettings {
  /** The one that fits the dataset when absent. */
  readonly model: string | undefined;
  /** The catalogue's default when absent. */
  readonly depth: number | undefined;
  /** Numbers in place of the architecture's usual ones, by name. */
  readonly recipe?: Hyperparameters | undefined;
  readonly engine: string;
  readonly device: string;
  readonly threads: number;
  readonly batch: number;
  readonly epochs: number;
  readonly seed: number;
  readonly logEvery: number;
  readonly sampleEvery: number;
  readonly checkpointEvery: number;
}

export type TrainRequest = {
  /** The run's folder. */
  readonly out: string;
  /** Checkpoints to keep, 1 or more. */
  readonly keep: number;
} & (
  | { readonly kind: 'start'; readonly dataset: string; readonly settings: TrainingSettings; readonly replace: boolean }
  | {
      readonly kind: 'resume';
      /** Where the dataset is now, when it has moved. */
      readonly dataset: string | undefined;
      /** Epochs, engine, device and threads may change from here on; the others must be the run's when given. */
      readonly settings: Partial<TrainingSettings>;
    }
);

export interface TrainResult extends TrainingLoopResult {
  readonly path: string;
  readonly configuration: RunConfiguration;
}

export type Train = (request: TrainRequest) => Promise<TrainResult>;

export interface TrainPorts {
  readonly datasets: DatasetStore;
  readonly runs: RunStore;
  readonly engines: EngineRegistry;
  readonly trainingLoop: TrainingLoop;
  readonly console: Console;
}

/** Starts a run or goes on with one. Everything is checked before anything is written. */
export const createTrain =
  ({ datasets, runs, engines, trainingLoop, console }: TrainPorts): Train =>
  async (request) => {
    const begun = request.kind === 'resume' ? await runs.open(request.out, 'write') : undefined;
    let dataset: Dataset | undefined;
    let run = begun;
    try {
      dataset = await datasets.open(request.dataset ?? begun!.configuration.dataset.path);
      const configuration =
        request.kind === 'start' ? newConfiguration(request, dataset) : resumedConfiguration(request, begun!, dataset);
      const spec = buildConfiguredModel(configuration.model);
      checkFits(spec, dataset, configuration);
      const { engine, notice } = await engines.open(configuration.engine);
      if (notice !== '') console.warn(notice);
      const settled = { ...configuration, engine: { ...configuration.engine, device: engine.device } };
      if (request.kind === 'start') run = await runs.create(request.out, settled, { replace: request.replace });
      else if (JSON.stringify(settled) !== JSON.stringify(run!.configuration)) await run!.replaceConfiguration(settled);
      console.say(announcement(settled, request));
      const end = await trainingLoop({ run: run!, configuration: settled, spec, dataset, engine, keep: request.keep });
      return { ...end, path: request.out, configuration: settled };
    } finally {
      await dataset?.close();
      await run?.close();
    }
  };

function newConfiguration(request: TrainRequest & { readonly kind: 'start' }, dataset: Dataset): RunConfiguration {
  const { settings } = request;
  const { manifest } = dataset;
  const { model: architecture = defaultArchitectureFor(manifest.format), recipe = {} } = settings;
  const { depth } = buildModel(architecture, settings.depth, { recipe });
  const limits = findArchitecture(architecture)!.vocabulary;
  const model = {
    architecture,
    depth,
    ...(Object.keys(recipe).length === 0 ? {} : { recipe }),
    ...(limits === undefined ? {} : { vocabulary: vocabularyOf(dataset, limits, request.dataset) }),
  };
  return {
    version: RUN_VERSION,
    model,
    dataset: {
      path: request.dataset,
      digest: manifest.digest,
      origin: manifest.origin,
      rolls: manifest.rolls,
      format: manifest.format,
    },
    engine: { name: settings.engine, device: settings.device, threads: settings.threads },
    batch: settings.batch,
    epochs: settings.epochs,
    seed: settings.seed,
    logEvery: settings.logEvery,
    sampleEvery: settings.sampleEvery,
    checkpointEvery: settings.checkpointEvery,
  };
}

/** What the dataset's tunes choose from. */
function vocabularyOf({ manifest, packedRoll }: Dataset, limits: VocabularyLimits, path: string): Vocabulary {
  const { format, rolls } = manifest;
  if (!sameChannels(format.channels, VOICES_FORMAT.channels)) {
    throw new DatasetMismatchError(
      `the rolls of ${path} do not keep melody and chords apart (${describeFormat(format)}); prepare the tunes with --voices`,
    );
  }
  const all: Iterable<PianoRoll> = {
    *[Symbol.iterator]() {
      for (let i = 0; i < rolls; i++) yield unpackRoll(packedRoll(i), format);
    },
  };
  const vocabulary = learnVocabulary(all, limits);
  if (vocabulary.melody.rows === 0 || vocabulary.chords.length === 0) {
    const missing = vocabulary.melody.rows === 0 ? 'melody' : 'chord';
    throw new DatasetMismatchError(`the rolls of ${path} hold no ${missing} at all, and the network draws both voices`);
  }
  return vocabulary;
}

function resumedConfiguration(
  request: TrainRequest & { readonly kind: 'resume' },
  run: Run,
  dataset: Dataset,
): RunConfiguration {
  const old = run.configuration;
  if (dataset.manifest.digest !== old.dataset.digest) {
    throw new DatasetMismatchError(
      `the dataset at ${request.dataset ?? old.dataset.path} is not the one that ${request.out} began with ` +
        `(digest ${short(dataset.manifest.digest)}, expected ${short(old.dataset.digest)}); give that one`,
    );
  }
  checkUnchanged(request.settings, old, request.out);
  const { epochs = old.epochs, engine, device, threads } = request.settings;
  if (epochs < old.epochs) {
    throw new UsageError(
      `${request.out} was started for ${old.epochs} epochs; --epochs can only make it longer, got ${epochs}`,
    );
  }
  return {
    ...old,
    dataset: { ...old.dataset, path: request.dataset ?? old.dataset.path },
    epochs,
    engine: {
      name: engine ?? old.engine.name,
      device: device ?? (engine === undefined ? old.engine.device : 'auto'),
      threads: threads ?? old.engine.threads,
    },
  };
}

/** What a run began with stays: another seed or depth would be another run. */
function checkUnchanged(given: Partial<TrainingSettings>, old: RunConfiguration, run: string): void {
  const { batch, seed, logEvery, sampleEvery, checkpointEvery } = old;
  const { architecture: model, depth } = old.model;
  if (given.recipe !== undefined && JSON.stringify(given.recipe) !== JSON.stringify(old.model.recipe ?? {})) {
    throw new UsageError(`${run} began with another --recipe, which cannot change when it goes on; leave it out`);
  }
  const kept = { model, depth, batch, seed, logEvery, sampleEvery, checkpointEvery };
  for (const [name, was] of Object.entries(kept)) {
    const wanted = given[name as keyof typeof kept];
    if (wanted === undefined || wanted === was) continue;
    const option = name.replace('Every', '-every');
    throw new UsageError(`${run} began with --${option} ${was}, which cannot change when it goes on, got ${wanted}`);
  }
}

function checkFits(spec: ModelSpec, dataset: Dataset, { dataset: { path } }: RunConfiguration): void {
  const { format } = dataset.manifest;
  const [got, want] = [rollShape(format), rollShape(spec.rollFormat)];
  if (!sameShape(got, want)) {
    throw new DatasetMismatchError(
      `${spec.architecture} draws rolls of [channels, pitches, columns] ${shapeText(want)}, those of ${path} are ` +
        `${shapeText(got)} (${describeFormat(format)}); prepare the tunes in the format the model draws`,
    );
  }
}

function announcement(configuration: RunConfiguration, request: TrainRequest): string {
  const { model, engine, dataset, batch, epochs } = configuration;
  const { lastStep } = createRunSchedule(configuration);
  const verb = request.kind === 'start' ? 'training' : 'going on with';
  return (
    `${verb} ${model.architecture} depth ${model.depth} on ${dataset.rolls} rolls of ${dataset.path}, ` +
    `batch ${batch}, ${epochs} epochs, ${lastStep} steps, with ${engine.name} on ${engine.device}`
  );
}

const short = (digest: string): string => digest.slice(0, 12);
