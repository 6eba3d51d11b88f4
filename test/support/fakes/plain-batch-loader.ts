import { WorkerError } from '../../../src/domain/errors.js';
import { createBuildStepFeeds } from '../../../src/domain/training/step-feeds.js';
import { createPackedBatches } from '../../../src/domain/training/packed-batches.js';
import type { BatchLoader } from '../../../src/ports/batch-loader.js';

/**
 * Makes feeds when they are taken, in the caller's thread. `asked`: steps that were to be made ahead, in order;
 * `closed`: how often it was closed; `spoilt`: a step whose feeds cannot be made.
 */
export function plainBatchLoader(
  spoilt = -1,
): BatchLoader & { readonly asked: readonly number[]; readonly closed: () => number } {
  const asked: number[] = [];
  let closed = 0;
  return {
    asked,
    closed: () => closed,
    open(plan, packed) {
      const [feedsOf, batches] = [createBuildStepFeeds(plan), createPackedBatches(plan, packed)];
      let open = true;
      return {
        prefetch: (step) => void asked.push(step),
        next: async (step) => {
          await Promise.resolve(); // a close that follows at once comes first
          if (!open) throw new Error('the batches were closed');
          if (step === spoilt) throw new WorkerError('no more feeds');
          return feedsOf(step, batches(step));
        },
        close: async () => {
          open = false;
          closed++;
        },
      };
    },
  };
}
