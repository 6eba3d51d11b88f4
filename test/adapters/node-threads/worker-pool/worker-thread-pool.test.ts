import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createWorkerThreadPool } from '../../../../src/adapters/node-threads/worker-pool/worker-thread-pool.js';
import { WorkerError } from '../../../../src/domain/errors.js';
import type { WorkerPool } from '../../../../src/ports/worker-pool.js';
import {
  workerPoolContract,
  type CountingInput,
  type CountingOutput,
} from '../../../contracts/worker-pool.contract.js';

const module = pathToFileURL(resolve('test/support/worker-pool-tasks.mjs')).href;
/** Threads run what is built: they know nothing of this test's TypeScript. */
const entry = pathToFileURL(resolve('dist/adapters/node-threads/worker-pool/worker-entry.js'));

for (const workers of [1, 2, 5]) {
  workerPoolContract(`${workers} worker threads`, () => ({
    workerPool: createWorkerThreadPool<CountingInput, CountingOutput>({
      module,
      exportName: 'makeCountingTask',
      workers,
      entry,
    }),
    workers,
  }));
}

describe('worker threads', () => {
  const dying = (exportName: string, limits = {}): WorkerPool<{ how: string }, { i: number }> =>
    createWorkerThreadPool({ module, exportName, workers: 2, entry, ...limits });

  async function ending(workforce: WorkerPool<{ how: string }, { i: number }>, how: string): Promise<unknown> {
    try {
      for await (const { i } of workforce.run([{ how }, { how: 'nothing' }])) expect(i).toBe(0);
      return 'all is done';
    } catch (error) {
      return error;
    }
  }

  it.each([
    ['exit', 'it ended with exit code 3'],
    ['uncaught', 'nobody catches this'],
    ['memory', 'it ran out of memory'],
  ])('that die of %s end the run with one sentence', async (how, reason) => {
    const error = await ending(dying('makeDyingTask', { maxHeapMegabytes: 40 }), how);
    expect(error).toBeInstanceOf(WorkerError);
    expect((error as Error).message).toBe(
      `a worker thread stopped before its work was done: ${reason}; try again with fewer workers`,
    );
  });

  it.each([
    ['makeNothing', 'this task cannot be made'],
    ['isNowhere', 'has no isNowhere'],
  ])('that cannot make their task end the run: %s', async (makeTask, reason) => {
    const error = await ending(dying(makeTask), 'nothing');
    expect(error).toBeInstanceOf(WorkerError);
    expect((error as Error).message).toContain(reason);
  });
});
