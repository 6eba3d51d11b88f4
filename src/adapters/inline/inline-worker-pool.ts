import type { TaskFunction, WorkerPool } from '../../ports/worker-pool.js';

/** Does the work here, one input after the other, as the outputs are taken. */
export const createInlineWorkerPool = <Input, Output>(
  task: TaskFunction<Input, Output>,
): WorkerPool<Input, Output> => ({
  async *run(inputs) {
    for (const input of inputs) yield* task(input);
  },
});
