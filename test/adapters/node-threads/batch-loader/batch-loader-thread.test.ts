import { describe, expect, it } from '@jest/globals';
import { pathToFileURL } from 'node:url';
import { createThreadedBatchLoader } from '../../../../src/adapters/node-threads/batch-loader/batch-loader-thread.js';
import { WorkerError } from '../../../../src/domain/errors.js';
import type { Batches } from '../../../../src/ports/batch-loader.js';
import { batchLoaderContract } from '../../../contracts/batch-loader.contract.js';
import { configuration } from '../../../support/run-fixtures.js';

batchLoaderContract('thread', () =>
  createThreadedBatchLoader({
    entry: pathToFileURL('dist/adapters/node-threads/batch-loader/batch-loader-thread-entry.js'),
  }),
);

const FILL_MEMORY = 'const all = []; for (;;) all.push(new Array(1e6).fill(0.5 + all.length))';

describe('a batch loader thread that dies', () => {
  const opened = (program: string): Batches => {
    const entry = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
    return createThreadedBatchLoader({ entry, maxHeapMegabytes: 32 }).open(configuration, () => new Uint8Array(2048));
  };
  const onOrder = (deed: string): string =>
    `import { workerData } from 'node:worker_threads'; workerData.port.on('message', () => { ${deed} });`;

  it.each([
    ['ends', onOrder('process.exit(7)'), /stopped: it ended with exit code 7; resume .* --resume$/],
    ['throws', onOrder(`throw new Error('no such roll')`), /stopped: no such roll; resume/],
    ['never begins', `import 'nowhere';`, /stopped: .*nowhere/],
    ['ends by itself', ``, /stopped: it ended with exit code 0/],
    ['fills its memory', onOrder(FILL_MEMORY), /stopped: it ran out of memory/],
  ])('says so when it %s, to all who wait and all who come', async (_how, program, sentence) => {
    const feeds = opened(program);
    feeds.prefetch(1);
    const waiting = feeds.next(0);
    await expect(waiting).rejects.toThrow(WorkerError);
    await expect(waiting).rejects.toThrow(sentence);
    for (const step of [1, 2]) await expect(feeds.next(step)).rejects.toThrow(sentence);
    await feeds.close();
  }); // prettier-ignore
});
