import { inThisThread } from '../../../../src/adapters/node-threads/worker-pool/inline-worker-pool.js';
import { workforceContract, type CountingInput, type CountingOutput } from '../../../contracts/worker-pool.contract.js';
import { countingTask } from '../../../support/worker-pool-tasks.mjs';

workforceContract('in this thread', () => ({
  workforce: inThisThread<CountingInput, CountingOutput>(countingTask),
  workers: 1,
}));
