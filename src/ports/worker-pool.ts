/** What is made of one input: outputs, each when it is asked for. */
export type TaskFunction<Input, Output> = (input: Input) => AsyncIterable<Output>;

/**
 * Does one task for many inputs, on several processors where it has them. Inputs and outputs are plain data, as they
 * may go to another thread; typed arrays that an output holds at its top are handed over, so its maker must not keep
 * them.
 *
 * Promises, one test each in test/contracts/worker-pool.contract.ts:
 * - All outputs come, in the order of the inputs and of each input's task, whatever is done first.
 * - Inputs are asked for when there is room for their work: at most AHEAD more of them than those whose outputs were
 *   all taken.
 * - An input whose outputs are not taken does not fill the memory: its task goes on only when some of them are.
 * - What a task throws is thrown after the outputs before it, as an Error with its message.
 * - Who leaves early, or is left by an error, leaves nothing that works on.
 */
export interface WorkerPool<Input, Output> {
  run(inputs: Iterable<Input>): AsyncIterable<Output>;
}

/** The most inputs for each worker that may be in work or done and not yet taken. */
export const READ_AHEAD = 4;
