import { createBatchOrder } from '../dataset/batch-order.js';
import { packedSize } from '../roll/piano-roll.js';
import type { FeedSettings } from './step-feeds.js';

/** Reads the packed bits of a roll of the dataset by its index (see packRoll). */
export type GetPackedRoll = (index: number) => Uint8Array;

/** The packed rolls of each step (from 0), concatenated in a new array: [batch * packedSize]. */
export function createPackedBatches(
  { batch, seed, dataset: { rolls, format } }: FeedSettings,
  getPackedRoll: GetPackedRoll,
): (step: number) => Uint8Array {
  const order = createBatchOrder(seed, batch, rolls);
  const bytes = packedSize(format);
  return (step) => {
    const packed = new Uint8Array(batch * bytes);
    order(step).forEach((roll, i) => packed.set(getPackedRoll(roll), i * bytes));
    return packed;
  };
}
