import { UsageError } from '../errors.js';
import type { ColumnRange } from '../roll/replace-columns.js';
import type { TonalKey } from '../music/tonal-key.js';

/** What is wished of tunes beside a seed; absent wishes are none. */
export interface ComposeOptions {
  /** No number of the noise is larger: the smaller, the more usual and the more alike the tunes. */
  readonly truncation?: number | undefined;
  /** From the first tune of one seed to that of another, on the sphere of noise; `count` tunes with both ends. */
  readonly interpolate?: { readonly from: number; readonly to: number } | undefined;
  readonly key?: TonalKey | undefined;
  /** Notes that start in a beat. */
  readonly density?: number | undefined;
  /** Tunes near that of a MIDI file: 0 the nearest that the model can draw, 1 the seed's own. */
  readonly like?: { readonly path: string; readonly variation: number } | undefined;
  /** Tunes that have these columns of a MIDI file, and the rest composed to fit. */
  readonly complete?: { readonly path: string; readonly columns: ColumnRange } | undefined;
  /** Columns of each tune, more than those of one roll. */
  readonly length?: number | undefined;
}

/** @throws UsageError for wishes out of range or at odds with each other */
export function checkComposeOptions(
  wishes: ComposeOptions,
  { count, threshold }: { readonly count: number; readonly threshold?: number | undefined },
): void {
  const { truncation, interpolate, density, like, complete } = wishes;
  checkConflicts(wishes);
  if (like !== undefined && !(like.variation >= 0 && like.variation <= 1)) {
    throw new UsageError(`the variation must be a number from 0 to 1, got ${like.variation}`);
  }
  if (complete !== undefined && !(complete.columns.from >= 0 && complete.columns.to > complete.columns.from)) {
    throw new UsageError(
      `the columns to keep must be from 0 up and one at least, got ${complete.columns.from}-${complete.columns.to}`,
    );
  }
  if (truncation !== undefined && !(truncation >= MIN_TRUNCATION)) {
    throw new UsageError(`the truncation must be a number from ${MIN_TRUNCATION} up, got ${truncation}`);
  }
  if (interpolate !== undefined && count < 2) {
    throw new UsageError(`going from one tune to another takes 2 steps or more, got ${count}`);
  }
  if (density !== undefined && !(density > 0 && density <= MAX_DENSITY)) {
    throw new UsageError(`the density must be a number over 0 and up to ${MAX_DENSITY} notes a beat, got ${density}`);
  }
  if (density !== undefined && threshold !== undefined) {
    throw new UsageError('the density chooses a threshold for each tune: leave out the threshold or the density');
  }
}

/** What cannot be had of one tune: a completed one keeps its columns where they are, and begins as it does. */
const CONFLICTING_OPTIONS: readonly (readonly [keyof ComposeOptions, keyof ComposeOptions])[] = [
  ['like', 'interpolate'],
  ['complete', 'interpolate'],
  ['complete', 'like'],
  ['complete', 'key'],
  ['complete', 'density'],
  ['length', 'interpolate'],
  ['length', 'like'],
  ['length', 'complete'],
  ['length', 'density'],
];

function checkConflicts(wishes: ComposeOptions): void {
  const [one, other] = CONFLICTING_OPTIONS.find((pair) => pair.every((name) => wishes[name] !== undefined)) ?? [];
  if (one !== undefined) throw new UsageError(`--${one} and --${other} do not go together: leave one of them out`);
}

/** Below it, drawing again takes for ever. */
export const MIN_TRUNCATION = 0.01;
export const MAX_DENSITY = 100;
