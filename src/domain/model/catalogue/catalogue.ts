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

/** The architecture for a dataset when none is named: what keeps two voices apart is for the one that chooses notes for both. */
export const defaultArchitectureFor = ({ channels }: RollFormat): string =>
  sameChannels(channels, VOICES_FORMAT.channels) ? apollo.name : dcganA.name;

/** The networks that a run was started with. */
export const buildConfiguredModel = ({ architecture, depth, ...options }: ModelConfiguration): ModelSpec =>
  buildModel(architecture, depth, options);

/** @throws UsageError for a name that the catalogue does not have, a depth out of its range, or a recipe of other names */
export function buildModel(name: string, depth?: number, options: ModelOptions = {}): ModelSpec {
  const architecture = CATALOGUE.get(name);
  if (architecture === undefined) {
    const names = [...CATALOGUE.keys()];
    const advice = didYouMean(name, names) || `; it has ${names.join(', ')}`;
    throw new UsageError(`there is no model "${name}" in the catalogue${advice}`);
  }
  const { default: usual, least, most } = architecture.depth;
  const wanted = depth ?? usual;
  if (!Number.isInteger(wanted) || wanted < least || wanted > most) {
    throw new UsageError(`the depth of ${name} must be a whole number from ${least} to ${most}, got ${wanted}`);
  }
  checkHyperparameters(architecture, options.recipe ?? {});
  return architecture.build(wanted, options);
}

function checkHyperparameters({ name, recipe }: Architecture, given: Hyperparameters): void {
  for (const [key, value] of Object.entries(given)) {
    if (!(key in recipe)) {
      const names = Object.keys(recipe);
      const advice = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
      throw new UsageError(`the recipe of ${name} has no number "${key}"${didYouMean(key, names) || `; ${advice}`}`);
    }
    if (!Number.isFinite(value) || value < 0)
      throw new UsageError(`${key} in the recipe of ${name} must be a number from 0 up, got ${value}`);
  }
}
