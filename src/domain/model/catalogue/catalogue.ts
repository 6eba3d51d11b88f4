import { UsageError } from '../../errors.js';
import { didYouMean } from '../../text.js';
import type { Architecture, ModelSpec } from '../model-spec.js';
import { dcganA } from './dcgan-a.js';

/** Every architecture that can be trained, by name. To add one, add its file and a line here. */
export const CATALOGUE: ReadonlyMap<string, Architecture> = new Map([dcganA].map((a) => [a.name, a]));

export function findArchitecture(name: string): Architecture | undefined {
  return CATALOGUE.get(name);
}

/** @throws UsageError for a name that the catalogue does not have or a depth out of its range */
export function buildModel(name: string, depth?: number): ModelSpec {
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
  return architecture.build(wanted);
}
