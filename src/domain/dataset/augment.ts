import { UsageError } from '../errors.js';
import type { RollFormat } from '../roll/roll-format.js';
import type { PreparationOptions } from './manifest.js';

/** One copy of a tune: moved up by so many semitones, right by so many columns. */
export interface Augmentation {
  /** -127..127 */
  readonly transpose: number;
  /** 0 or more */
  readonly shiftColumns: number;
}

/** The copies of each source in the order in which they are kept: transpositions from low to high, laybacks within. */
export function* augmentations({ layback, transpose: { from, to } }: PreparationOptions): Generator<Augmentation> {
  for (let transpose = from; transpose <= to; transpose++) {
    for (let shiftColumns = 0; shiftColumns < layback; shiftColumns++) yield { transpose, shiftColumns };
  }
}

/** Returns the options when every number is in range; throws a UsageError that names the first that is not. */
export function checkPreparation(options: PreparationOptions, format: RollFormat): PreparationOptions {
  const { layback, transpose } = options;
  if (!Number.isInteger(layback) || layback < 1 || layback > format.columns) {
    throw new UsageError(`layback must be a whole number from 1 to ${format.columns}, got ${layback}`);
  }
  const { from, to } = transpose;
  if (![from, to].every((semitones) => Number.isInteger(semitones) && Math.abs(semitones) <= 127) || from > to) {
    throw new UsageError(`transposition must go from a lower to a higher number in -127..127, got ${from}..${to}`);
  }
  return options;
}
