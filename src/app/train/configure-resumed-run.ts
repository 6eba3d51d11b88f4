import { UsageError } from '../../domain/errors.js';
import type { RunConfiguration } from '../../domain/training/run-configuration.js';
import { DatasetMismatchError } from '../../domain/training/training-errors.js';
import type { TrainingSettings } from '../../domain/training/training-settings.js';
import type { Dataset } from '../../ports/dataset-store.js';
import type { ResumeRequest } from './train-request.js';

/**
 * The configuration that a run continues with.
 * @throws DatasetMismatchError when the dataset is not the one that the run started with
 * @throws UsageError when the request changes a setting that cannot change, or lowers the number of epochs
 */
export function configureResumedRun(request: ResumeRequest, old: RunConfiguration, dataset: Dataset): RunConfiguration {
  const { out, settings } = request;
  const path = request.dataset ?? old.dataset.path;
  if (dataset.manifest.digest !== old.dataset.digest) {
    throw new DatasetMismatchError(
      `the dataset at ${path} is not the one that ${out} started with ` +
        `(digest ${shortDigest(dataset.manifest.digest)}, expected ${shortDigest(old.dataset.digest)}); ` +
        'name the original dataset',
    );
  }
  checkUnchanged(settings, old, out);
  const { epochs = old.epochs, engine, device, threads } = settings;
  if (epochs < old.epochs) {
    throw new UsageError(`${out} was started for ${old.epochs} epochs; --epochs can only raise that, got ${epochs}`);
  }
  return {
    ...old,
    dataset: { ...old.dataset, path },
    epochs,
    engine: {
      name: engine ?? old.engine.name,
      device: device ?? (engine === undefined ? old.engine.device : 'auto'),
      threads: threads ?? old.engine.threads,
    },
  };
}

/** A different seed or depth, for example, would make it a different run. */
function checkUnchanged(settings: Partial<TrainingSettings>, old: RunConfiguration, path: string): void {
  const { batch, seed, logEvery, sampleEvery, checkpointEvery } = old;
  const { architecture: model, depth, recipe = {} } = old.model;
  if (settings.recipe !== undefined && JSON.stringify(settings.recipe) !== JSON.stringify(recipe)) {
    throw new UsageError(`${path} was started with another --recipe, which cannot change on --resume; leave it out`);
  }
  const fixedSettings = { model, depth, batch, seed, logEvery, sampleEvery, checkpointEvery };
  for (const [name, expected] of Object.entries(fixedSettings)) {
    const actual = settings[name as keyof typeof fixedSettings];
    if (actual === undefined || actual === expected) continue;
    const option = name.replace('Every', '-every');
    throw new UsageError(
      `${path} was started with --${option} ${expected}, which cannot change on --resume, got ${actual}`,
    );
  }
}

const shortDigest = (digest: string): string => digest.slice(0, 12);
