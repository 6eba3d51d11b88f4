import type { Task, Workforce } from '../../../ports/worker-pool.js';

/** Does the work here, one input after the other, as the outputs are taken. */
export const inThisThread = <Input, Output>(task: Task<Input, Output>): Workforce<Input, Output> => ({
  async *run(inputs) {
    for (const input of inputs) yield* task(input);
  },
});
