import { findArchitecture } from '../../domain/model/catalogue/catalogue.js';
import type { ModelSpec } from '../../domain/model/model-spec.js';
import { learnVocabulary, type Vocabulary, type VocabularyLimits } from '../../domain/model/tune/vocabulary.js';
import { VOICES_FORMAT } from '../../domain/model/tune/voices.js';
import { unpackRoll, type PianoRoll } from '../../domain/roll/piano-roll.js';
import { describeFormat, sameChannels } from '../../domain/roll/roll-format.js';
import { RUN_VERSION, type RunConfiguration } from '../../domain/training/run-configuration.js';
import { DatasetMismatchError } from '../../domain/training/training-errors.js';
import type { TrainingSettings } from '../../domain/training/training-settings.js';
import type { Dataset } from '../../ports/dataset-store.js';

/**
 * The configuration that a new run starts with. The order of its keys is that of run.json.
 * @throws DatasetMismatchError when the model needs a vocabulary that the dataset cannot give
 */
export function configureNewRun(
  settings: TrainingSettings,
  { architecture, depth }: ModelSpec,
  dataset: Dataset,
  path: string,
): RunConfiguration {
  const { engine, device, threads, recipe = {} } = settings;
  const { digest, origin, rolls, format } = dataset.manifest;
  const vocabularyLimits = findArchitecture(architecture)!.vocabulary;
  return {
    version: RUN_VERSION,
    model: {
      architecture,
      depth,
      ...(Object.keys(recipe).length === 0 ? {} : { recipe }),
      ...(vocabularyLimits === undefined ? {} : { vocabulary: learnFromDataset(dataset, vocabularyLimits, path) }),
    },
    dataset: { path, digest, origin, rolls, format },
    engine: { name: engine, device, threads },
    batch: settings.batch,
    epochs: settings.epochs,
    seed: settings.seed,
    logEvery: settings.logEvery,
    sampleEvery: settings.sampleEvery,
    checkpointEvery: settings.checkpointEvery,
  };
}

/** The vocabulary of melody and chords in a dataset of two voices. */
function learnFromDataset({ manifest, packedRoll }: Dataset, limits: VocabularyLimits, path: string): Vocabulary {
  const { format, rolls: count } = manifest;
  if (!sameChannels(format.channels, VOICES_FORMAT.channels)) {
    throw new DatasetMismatchError(
      `the rolls of ${path} do not separate melody and chords (${describeFormat(format)}); ` +
        'prepare the tunes with --voices',
    );
  }
  const rolls: Iterable<PianoRoll> = {
    *[Symbol.iterator]() {
      for (let i = 0; i < count; i++) yield unpackRoll(packedRoll(i), format);
    },
  };
  const vocabulary = learnVocabulary(rolls, limits);
  if (vocabulary.melody.rows === 0 || vocabulary.chords.length === 0) {
    const missing = vocabulary.melody.rows === 0 ? 'melody' : 'chord';
    throw new DatasetMismatchError(`the rolls of ${path} hold no ${missing} at all; the network needs both voices`);
  }
  return vocabulary;
}
