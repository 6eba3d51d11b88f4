// Tasks for the contract of Workforce. A module of plain JavaScript, because worker threads load it as it is.
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @param input
 *   id: of the input
 *   outputs: how many there are
 *   wait: milliseconds before each
 *   failAt: before which output it fails; none when absent
 *   counters: Int32Array on shared memory: [outputs begun, tasks that came to their end]
 */
export async function* countingTask({ id, outputs, wait = 0, failAt = -1, counters }) {
  for (let i = 0; i < outputs; i++) {
    if (counters !== undefined) Atomics.add(counters, 0, 1);
    if (wait > 0) await sleep(wait);
    if (i === failAt) throw new RangeError(`task ${id} cannot go on after ${i}`);
    yield { id, i, bytes: Uint8Array.of(id & 255, i & 255) };
  }
  if (counters !== undefined) Atomics.add(counters, 1, 1);
}

/** As a worker thread asks for it. */
export const makeCountingTask = async () => countingTask;

/** A task that ends its thread as `how` says after its first output. */
export const makeDyingTask = async () =>
  async function* ({ how }) {
    yield { id: 0, i: 0 };
    if (how === 'exit') process.exit(3);
    if (how === 'uncaught') void Promise.reject(new Error('nobody catches this'));
    if (how === 'memory') for (const all = []; ;) all.push(new Array(1e6).fill(all.length));
    await sleep(60_000);
  };

export const makeNothing = async () => {
  throw new Error('this task cannot be made');
};
