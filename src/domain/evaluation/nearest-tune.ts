import { maxShiftedIou, type ShiftRange } from './shifted-iou.js';
import type { RollBits } from './roll-bits.js';

/** The one of `tunes` that a roll is most like, moved within `reach`. */
export interface NearestTune {
  readonly index: number;
  /** Intersection over union, 0..1. */
  readonly likeness: number;
}

/** Undefined when nothing touches. The first of equals. */
export function nearestTune(roll: RollBits, tunes: readonly RollBits[], reach: ShiftRange): NearestTune | undefined {
  let nearest: NearestTune | undefined;
  for (const [index, tune] of tunes.entries()) {
    const likeness = maxShiftedIou(roll, tune, nearest?.likeness ?? 0, reach);
    if (likeness !== undefined) nearest = { index, likeness };
  }
  return nearest;
}
