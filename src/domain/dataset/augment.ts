import { UsageError } from '../errors.js';
import type { RollFormat } from '../roll/roll-format.js';
import type { PreparationOptions } from './manifest.js';

/** How a copy of a tune differs from it: semitones up, and columns to the right. */
interface Augmentation {
  /** -127..127 */
  readonly transpose: number;
  /** 0 or more */
  readonly shiftColumns: number;
}

/** The augmentations of a tune in the order of the dataset: by transposition, then by layback. */
export function* augmentations({ layback, transpose: { from, to } }: PreparationOptions): Generator<Augmentation> {
  for (let transpose = from; transpose <= to; transpose++) {
    for (let shiftColumns = 0; shiftColumns < layback; shiftColumns++) yield { transpose, shiftColumns };
  }
}

/** Returns the options. @throws UsageError for the first number that is out of range */
export function checkPreparation(options: PreparationOptions, format: RollFormat): PreparationOptions {
  const { layback, transpose } = options;
  if (!Number.isInteger(layback) || layback < 1 || layback > format.columns) {
    throw new UsageError(`layback must be a whole number from 1 to ${format.columns}, got ${layback}`);
  }
  const { from, to } = transpose;
  if (![from, to].every((semitones) => Number.isInteger(semitones) && Math.abs(semitones) <= 127) || from > to) {
    throw new UsageError(
      `transposition must be a range of semitones in -127..127, lower number first, got ${from}..${to}`,
    );
  }
  return options;
}
