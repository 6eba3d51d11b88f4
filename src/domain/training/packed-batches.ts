import { createBatchOrder } from '../dataset/batch-order.js';
import { packedSize } from '../roll/piano-roll.js';
import type { FeedSettings } from './step-feeds.js';

/** The packed bits of a roll of the dataset, by its index (see packRoll). */
export type GetPackedRoll = (index: number) => Uint8Array;

/** The packed rolls of a step, from 0, one after the other: [batch * packedSize], fresh bytes each time. */
export function createPackedBatches(
  { batch, seed, dataset: { rolls, format } }: FeedSettings,
  packed: GetPackedRoll,
): (step: number) => Uint8Array {
  const order = createBatchOrder(seed, batch, rolls);
  const bytes = packedSize(format);
  return (step) => {
    const all = new Uint8Array(batch * bytes);
    order(step).forEach((roll, i) => all.set(packed(roll), i * bytes));
    return all;
  };
}
