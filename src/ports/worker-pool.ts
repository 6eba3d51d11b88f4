/** The task for one input. It yields outputs lazily. */
export type TaskFunction<Input, Output> = (input: Input) => AsyncIterable<Output>;

/**
 * Runs one task for many inputs, on several processor cores if there are. Inputs and outputs are plain data that can be
 * sent to another thread. Typed arrays at the top level of an output are transferred, so the task must not keep them.
 *
 * Promises, one test each in test/contracts/worker-pool.contract.ts:
 * - All outputs come in the order of the inputs and of each input's task, whichever is done first.
 * - Inputs are read lazily: for each worker at most READ_AHEAD more than those whose outputs were all consumed.
 * - Outputs that are not consumed do not fill the memory: the task pauses until some are.
 * - What a task throws is thrown after the outputs before it, as an Error with its message.
 * - After an early return or an error no work continues.
 */
export interface WorkerPool<Input, Output> {
  run(inputs: Iterable<Input>): AsyncIterable<Output>;
}

/** The most inputs for each worker that may be in progress, or done and not yet consumed. */
export const READ_AHEAD = 4;
