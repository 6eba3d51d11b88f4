import type { TaskFunction } from '../../src/ports/worker-pool.js';
import type { CountingInput, CountingOutput } from '../contracts/worker-pool.contract.js';

export const countingTask: TaskFunction<CountingInput, CountingOutput>;
