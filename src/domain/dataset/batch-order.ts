import { permutation, randomStream } from '../random.js';

/** Steps in which every roll is drawn about once; 1 when there are fewer rolls than a batch. */
export const stepsPerEpoch = (rolls: number, batch: number): number => Math.max(1, Math.floor(rolls / batch));

/**
 * Which rolls step 0, 1, 2 ... train on: a new order each epoch, no roll twice in an epoch (unless there are fewer than
 * a batch). A function of (seed, step) alone, so resuming needs only the step.
 *
 * @param seed 0..2^53-1
 * @param rolls 1 or more
 * @returns for a step, `batch` indices of rolls
 */
export function createBatchOrder(seed: number, batch: number, rolls: number): (step: number) => Uint32Array {
  const steps = stepsPerEpoch(rolls, batch);
  let current: { readonly epoch: number; readonly order: Uint32Array } | undefined;
  return (step) => {
    const epoch = Math.floor(step / steps);
    if (current?.epoch !== epoch) {
      current = { epoch, order: permutation(randomStream(seed, 'shuffle', epoch), rolls) };
    }
    const { order } = current;
    const start = (step % steps) * batch;
    return Uint32Array.from({ length: batch }, (_, i) => order[(start + i) % rolls]!);
  };
}
