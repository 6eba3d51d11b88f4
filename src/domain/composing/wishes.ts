import { UsageError } from '../errors.js';
import type { TonalKey } from '../music/key-finding.js';

/** What is wished of tunes beside a seed; absent wishes are none. */
export interface Wishes {
  /** No number of the noise is larger: the smaller, the more usual and the more alike the tunes. */
  readonly truncation?: number | undefined;
  /** From the first tune of one seed to that of another, on the sphere of noise; `count` tunes with both ends. */
  readonly interpolate?: { readonly from: number; readonly to: number } | undefined;
  readonly key?: TonalKey | undefined;
  /** Notes that start in a beat. */
  readonly density?: number | undefined;
}

/** @throws UsageError for wishes out of range or at odds with each other */
export function checkWishes(
  { truncation, interpolate, density }: Wishes,
  { count, threshold }: { readonly count: number; readonly threshold?: number | undefined },
): void {
  if (truncation !== undefined && !(truncation >= LEAST_TRUNCATION)) {
    throw new UsageError(`the truncation must be a number from ${LEAST_TRUNCATION} up, got ${truncation}`);
  }
  if (interpolate !== undefined && count < 2) {
    throw new UsageError(`going from one tune to another takes 2 steps or more, got ${count}`);
  }
  if (density !== undefined && !(density > 0 && density <= MOST_DENSITY)) {
    throw new UsageError(`the density must be a number over 0 and up to ${MOST_DENSITY} notes a beat, got ${density}`);
  }
  if (density !== undefined && threshold !== undefined) {
    throw new UsageError('the density chooses a threshold for each tune: leave out the threshold or the density');
  }
}

/** Below it, drawing again takes for ever. */
export const LEAST_TRUNCATION = 0.01;
export const MOST_DENSITY = 100;
