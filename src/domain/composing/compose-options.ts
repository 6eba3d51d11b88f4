import { UsageError } from '../errors.js';
import type { ColumnRange } from '../roll/replace-columns.js';
import type { TonalKey } from '../music/tonal-key.js';

/** Options of composing besides the seed. */
export interface ComposeOptions {
  /** Largest magnitude of a noise number. Smaller values give more typical and more similar tunes. */
  readonly truncation?: number | undefined;
  /** Spherical interpolation from the first tune of one seed to that of another; `count` tunes, both ends included. */
  readonly interpolate?: { readonly from: number; readonly to: number } | undefined;
  readonly key?: TonalKey | undefined;
  /** Mean number of notes that start in a beat. */
  readonly density?: number | undefined;
  /** Variations of a MIDI file: 0 gives the nearest tune that the model can make, 1 the tune of the seed. */
  readonly like?: { readonly path: string; readonly variation: number } | undefined;
  /** Keeps these columns of a MIDI file and composes the rest to fit. */
  readonly complete?: { readonly path: string; readonly columns: ColumnRange } | undefined;
  /** Columns of each tune, if longer than a roll. */
  readonly length?: number | undefined;
}

/** @throws UsageError for options that are out of range or exclude each other */
export function checkComposeOptions(
  options: ComposeOptions,
  { count, threshold }: { readonly count: number; readonly threshold?: number | undefined },
): void {
  const { truncation, interpolate, density, like, complete } = options;
  checkConflicts(options);
  if (like !== undefined && !(like.variation >= 0 && like.variation <= 1)) {
    throw new UsageError(`the variation must be a number from 0 to 1, got ${like.variation}`);
  }
  if (complete !== undefined && !(complete.columns.from >= 0 && complete.columns.to > complete.columns.from)) {
    throw new UsageError(
      'the columns to keep must start at 0 or later and be at least one, ' +
        `got ${complete.columns.from}-${complete.columns.to}`,
    );
  }
  if (truncation !== undefined && !(truncation >= MIN_TRUNCATION)) {
    throw new UsageError(`the truncation must be a number of at least ${MIN_TRUNCATION}, got ${truncation}`);
  }
  if (interpolate !== undefined && count < 2) {
    throw new UsageError(`interpolation needs 2 steps or more, got ${count}`);
  }
  if (density !== undefined && !(density > 0 && density <= MAX_DENSITY)) {
    throw new UsageError(`the density must be more than 0 and at most ${MAX_DENSITY} notes a beat, got ${density}`);
  }
  if (density !== undefined && threshold !== undefined) {
    throw new UsageError('a density chooses the threshold of each tune itself: leave out the threshold or the density');
  }
}

/** Options that exclude each other. */
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

function checkConflicts(options: ComposeOptions): void {
  const [one, other] = CONFLICTING_OPTIONS.find((pair) => pair.every((name) => options[name] !== undefined)) ?? [];
  if (one !== undefined) throw new UsageError(`--${one} and --${other} do not go together: leave one of them out`);
}

/** With less, rejection sampling of the noise would take too long. */
const MIN_TRUNCATION = 0.01;
const MAX_DENSITY = 100;
