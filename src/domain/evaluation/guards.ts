import { fullShiftRange, maxShiftedIou } from './shifted-iou.js';
import type { RollBits } from './roll-bits.js';

/** Defects that good distances may hide, as shares of the set, 0..1. */
export interface Guards {
  readonly blank: number;
  /** Tunes that are not a near copy of an earlier one in the set. */
  readonly distinct: number;
  /** Tunes that are a near copy of a training tune. */
  readonly copies: number;
}

/** Two rolls are near copies if their intersection over union, at any shift, exceeds this. */
const NEAR_COPY_THRESHOLD = 0.8;

export const isNearCopy = (a: RollBits, b: RollBits): boolean =>
  maxShiftedIou(a, b, NEAR_COPY_THRESHOLD, fullShiftRange(a)) !== undefined;

/** Whether a roll is a near copy of an earlier one. */
export const repeatsEarlier = (rolls: readonly RollBits[], index: number): boolean =>
  rolls.slice(0, index).some((earlier) => isNearCopy(rolls[index]!, earlier));
