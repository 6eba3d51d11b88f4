import { stepsPerEpoch } from '../dataset/batch-order.js';
import type { RunConfiguration } from './run-configuration.js';

/** When a run logs, samples and saves. Steps and epochs are counted from 1. */
export interface RunSchedule {
  readonly stepsPerEpoch: number;
  readonly lastStep: number;
  /** The epoch that a step belongs to. */
  epochOf(step: number): number;
  endsEpoch(step: number): boolean;
  logsAt(step: number): boolean;
  samplesAt(step: number): boolean;
  checkpointsAt(step: number): boolean;
  /** The last `keep` steps up to `step` at which checkpoints are due. */
  checkpointsUpTo(step: number, keep: number): ReadonlySet<number>;
}

export function createRunSchedule(configuration: RunConfiguration): RunSchedule {
  const { dataset, batch, epochs, logEvery, sampleEvery, checkpointEvery } = configuration;
  const perEpoch = stepsPerEpoch(dataset.rolls, batch);
  const lastStep = perEpoch * epochs;
  const endsEpoch = (step: number): boolean => step % perEpoch === 0;
  /** Whether something done every `every` epochs, and at the last step, is due. */
  const isDue = (step: number, every: number): boolean =>
    step === lastStep || (endsEpoch(step) && (step / perEpoch) % every === 0);
  return {
    stepsPerEpoch: perEpoch,
    lastStep,
    epochOf: (step) => Math.ceil(step / perEpoch),
    endsEpoch,
    logsAt: (step) => step % logEvery === 0 || endsEpoch(step),
    samplesAt: (step) => isDue(step, sampleEvery),
    checkpointsAt: (step) => isDue(step, checkpointEvery),
    checkpointsUpTo(step, keep) {
      const due = new Set<number>();
      for (let at = Math.min(step, lastStep); at > 0 && due.size < keep; at -= at % perEpoch || perEpoch) {
        if (isDue(at, checkpointEvery)) due.add(at);
      }
      return due;
    },
  };
}
