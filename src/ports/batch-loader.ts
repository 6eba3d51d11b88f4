import type { FeedSettings } from '../domain/training/step-feeds.js';
import type { GetPackedRoll } from '../domain/training/packed-batches.js';
import type { NamedTensors } from '../domain/tensor/tensor.js';

/** What the steps of one training are fed, made ahead where somebody else can make it while a step runs. */
export interface Batches {
  /**
   * Has a step's feeds made, unless they are being made already. Reads the step's rolls, and waits for nothing else.
   */
  prefetch(step: number): void;
  /** The feeds of a step, asked for or not. They are the caller's, and are made anew when they are taken again. */
  next(step: number): Promise<NamedTensors>;
  /** Ends whatever makes feeds; a second time it does nothing. */
  close(): Promise<void>;
}

/**
 * Makes what training steps are fed.
 *
 * Promises, one test each in test/contracts/batch-loader.contract.ts:
 * - The feeds of a step are those of `createBuildStepFeeds`, bit for bit, in whatever order steps are asked for and
 *   taken.
 * - What was taken is not changed by what is made after it.
 * - Rolls that cannot be read reject the `take` of their step, with the error of who reads them, and no other.
 * - A step whose answer is there is taken without a turn of the event loop, which a running step may block.
 * - After `close`, which may come at any time, every `take` rejects, also those under way.
 */
export interface BatchLoader {
  /** @param packed reads a roll of the dataset; called in the caller's thread */
  open(plan: FeedSettings, packed: GetPackedRoll): Batches;
}
