import { sameChannels, type RollFormat } from '../../roll/roll-format.js';
import { UsageError } from '../../errors.js';
import { didYouMean } from '../../text.js';
import type { ModelConfiguration } from '../model-configuration.js';
import type { Architecture, ModelOptions, ModelSpec, Hyperparameters } from '../model-spec.js';
import { VOICES_FORMAT } from '../tune/voices.js';
import { apollo } from './apollo.js';
import { dcganA } from './dcgan-a.js';

/** Every architecture that can be trained, by name. To add one, add its file and a line here. */
export const CATALOGUE: ReadonlyMap<string, Architecture> = new Map([dcganA, apollo].map((a) => [a.name, a]));

export function findArchitecture(name: string): Architecture | undefined {
  return CATALOGUE.get(name);
}

/** The architecture for a dataset when none is named: apollo for rolls of melody and chords, else dcgan-a. */
export const defaultArchitectureFor = ({ channels }: RollFormat): string =>
  sameChannels(channels, VOICES_FORMAT.channels) ? apollo.name : dcganA.name;

/** The model of a run's configuration. */
export const buildConfiguredModel = ({ architecture, depth, ...options }: ModelConfiguration): ModelSpec =>
  buildModel(architecture, depth, options);

/** @throws UsageError for an unknown name, a depth out of range, or a recipe with unknown names or invalid values */
export function buildModel(name: string, depth?: number, options: ModelOptions = {}): ModelSpec {
  const architecture = CATALOGUE.get(name);
  if (architecture === undefined) {
    const names = [...CATALOGUE.keys()];
    const advice = didYouMean(name, names) || `; it has ${names.join(', ')}`;
    throw new UsageError(`there is no model "${name}" in the catalogue${advice}`);
  }
  const { min, max } = architecture.depth;
  const ownDepth = depth ?? architecture.depth.default;
  if (!Number.isInteger(ownDepth) || ownDepth < min || ownDepth > max) {
    throw new UsageError(`the depth of ${name} must be a whole number from ${min} to ${max}, got ${ownDepth}`);
  }
  checkHyperparameters(architecture, options.recipe ?? {});
  return architecture.build(ownDepth, options);
}

function checkHyperparameters({ name, recipe }: Architecture, overrides: Hyperparameters): void {
  for (const [key, value] of Object.entries(overrides)) {
    if (!(key in recipe)) {
      const names = Object.keys(recipe);
      const advice = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
      throw new UsageError(`the recipe of ${name} has no number "${key}"${didYouMean(key, names) || `; ${advice}`}`);
    }
    if (!Number.isFinite(value) || value < 0)
      throw new UsageError(`${key} in the recipe of ${name} must be a number from 0 up, got ${value}`);
  }
}
