import { workerData } from 'node:worker_threads';
import { createBuildStepFeeds } from '../../../domain/training/step-feeds.js';
import type { BatchRequest, BatchResponse, BatchLoaderThreadData } from './messages.js';

/**
 * The entry point of the thread of `createThreadedBatchLoader`. It uses the domain alone, so it can be terminated at
 * any moment.
 */
const { plan, port } = workerData as BatchLoaderThreadData;
const feedsOf = createBuildStepFeeds(plan);

port.on('message', ({ step, packed }: BatchRequest) => {
  const report: BatchResponse = { step, feeds: [...feedsOf(step, packed)] };
  // Handed over, not copied.
  port.postMessage(
    report,
    report.feeds.map(([, { data }]) => data.buffer as ArrayBuffer),
  );
});
