import { permutation, randomStream } from '../random.js';

/** Steps in an epoch, in which every roll is drawn about once; 1 if there are fewer rolls than in a batch. */
export const stepsPerEpoch = (rolls: number, batch: number): number => Math.max(1, Math.floor(rolls / batch));

/**
 * The order in which rolls are drawn: shuffled anew in each epoch, no roll twice in an epoch (unless there are fewer
 * than a batch). It depends on seed and step alone, so that resuming needs only the step.
 *
 * @param seed 0..2^53-1
 * @param rolls 1 or more
 * @returns the indices of the `batch` rolls of a step, which counts from 0
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
