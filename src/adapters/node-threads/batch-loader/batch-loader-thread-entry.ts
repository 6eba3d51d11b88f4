import { workerData } from 'node:worker_threads';
import { createBuildStepFeeds } from '../../../domain/training/step-feeds.js';
import type { BatchRequest, BatchResponse, BatchLoaderThreadData } from './messages.js';

/**
 * What the thread of `createThreadedBatchLoader` runs. It knows the domain alone, so that it can be ended at any
 * moment.
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
