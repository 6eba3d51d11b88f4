import type { FeedSettings } from '../domain/training/step-feeds.js';
import type { GetPackedRoll } from '../domain/training/packed-batches.js';
import type { NamedTensors } from '../domain/tensor/tensor.js';

/** The feeds of the steps of one training. Another thread may prepare them while a step runs. */
export interface Batches {
  /**
   * Starts to prepare the feeds of a step, unless that has started. Waits only for the step's rolls to be read.
   */
  prefetch(step: number): void;
  /** The feeds of a step, prefetched or not. They belong to the caller; a second call builds them again. */
  next(step: number): Promise<NamedTensors>;
  /** Stops the preparation. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Loads the batches of a training.
 *
 * Promises, one test each in test/contracts/batch-loader.contract.ts:
 * - The feeds of a step are those of `createBuildStepFeeds`, bit for bit, in whatever order steps are requested.
 * - Feeds that were returned are not changed afterwards.
 * - Rolls that cannot be read reject the `next` of their step with the reader's error, and no other step.
 * - Prepared feeds are returned without a turn of the event loop, which a running step may block.
 * - After `close`, which may come at any time, every `next` rejects, also a pending one.
 */
export interface BatchLoader {
  /** @param packed reads a roll of the dataset; called in the caller's thread */
  open(plan: FeedSettings, packed: GetPackedRoll): Batches;
}
