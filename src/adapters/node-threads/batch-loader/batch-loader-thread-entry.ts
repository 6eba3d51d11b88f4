import { workerData } from 'node:worker_threads';
import { makeFeedsOfStep } from '../../../domain/training/feeds.js';
import type { FeedOrder, FeedReport, FeedThreadStart } from './messages.js';

/** What the thread of `feedThread` runs. It knows the domain alone, so that it can be ended at any moment. */
const { plan, port } = workerData as FeedThreadStart;
const feedsOf = makeFeedsOfStep(plan);

port.on('message', ({ step, packed }: FeedOrder) => {
  const report: FeedReport = { step, feeds: [...feedsOf(step, packed)] };
  // Handed over, not copied.
  port.postMessage(
    report,
    report.feeds.map(([, { data }]) => data.buffer as ArrayBuffer),
  );
});
