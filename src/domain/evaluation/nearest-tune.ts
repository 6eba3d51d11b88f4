import { maxShiftedIou, type ShiftRange } from './shifted-iou.js';
import type { RollBits } from './roll-bits.js';

/** The most similar tune, and how similar it is. */
interface NearestTune {
  readonly index: number;
  /** Intersection over union, 0..1. */
  readonly likeness: number;
}

/** The tune with the largest `maxShiftedIou`, the first of equals; undefined if no cells coincide at any shift. */
export function nearestTune(roll: RollBits, tunes: readonly RollBits[], range: ShiftRange): NearestTune | undefined {
  let nearest: NearestTune | undefined;
  for (const [index, tune] of tunes.entries()) {
    const likeness = maxShiftedIou(roll, tune, nearest?.likeness ?? 0, range);
    if (likeness !== undefined) nearest = { index, likeness };
  }
  return nearest;
}
