import { createInlineWorkerPool } from '../../../src/adapters/inline/inline-worker-pool.js';
import { workerPoolContract, type CountingInput, type CountingOutput } from '../../contracts/worker-pool.contract.js';
import { countingTask } from '../../support/worker-pool-tasks.mjs';

workerPoolContract('in this thread', () => ({
  workerPool: createInlineWorkerPool<CountingInput, CountingOutput>(countingTask),
  workers: 1,
}));
