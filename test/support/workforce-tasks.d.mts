import type { Task } from '../../src/ports/workforce.js';
import type { CountingInput, CountingOutput } from '../contracts/workforce.contract.js';

export const countingTask: Task<CountingInput, CountingOutput>;
