import { inThisThread } from '../../../src/adapters/threads/in-this-thread.js';
import { workforceContract, type CountingInput, type CountingOutput } from '../../contracts/workforce.contract.js';
import { countingTask } from '../../support/workforce-tasks.mjs';

workforceContract('in this thread', () => ({
  workforce: inThisThread<CountingInput, CountingOutput>(countingTask),
  workers: 1,
}));
