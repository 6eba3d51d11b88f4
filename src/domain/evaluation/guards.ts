import { fullShiftRange, maxShiftedIou } from './shifted-iou.js';
import type { RollBits } from './roll-bits.js';

/** What good distances cannot make up for. All are shares of the set, 0..1. */
export interface Guards {
  readonly blank: number;
  /** Tunes that are no near copy of one before them in the set. */
  readonly distinct: number;
  /** Tunes that are a near copy of a training tune, see NEAR_COPY_THRESHOLD. */
  readonly copies: number;
}

/** More than this intersection over union, wherever one is moved over the other, makes a near copy. */
export const NEAR_COPY_THRESHOLD = 0.8;

export const isNearCopy = (a: RollBits, b: RollBits): boolean =>
  maxShiftedIou(a, b, NEAR_COPY_THRESHOLD, fullShiftRange(a)) !== undefined;

/** Whether a set's tune is like one before it. */
export const repeatsEarlier = (rolls: readonly RollBits[], index: number): boolean =>
  rolls.slice(0, index).some((earlier) => isNearCopy(rolls[index]!, earlier));
