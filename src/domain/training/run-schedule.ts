import { stepsPerEpoch } from '../dataset/batch-order.js';
import type { RunConfiguration } from './run-configuration.js';

/** When a run does what. Steps and epochs are counted as done: step 1 is the first. */
export interface RunSchedule {
  readonly stepsPerEpoch: number;
  readonly lastStep: number;
  /** The epoch in which a step falls, from 1. */
  epochOf(step: number): number;
  endsEpoch(step: number): boolean;
  logsAt(step: number): boolean;
  samplesAt(step: number): boolean;
  checkpointsAt(step: number): boolean;
  /** The newest `keep` steps up to `step` at which checkpoints are due. */
  checkpointsUpTo(step: number, keep: number): ReadonlySet<number>;
}

export function createRunSchedule(configuration: RunConfiguration): RunSchedule {
  const { dataset, batch, epochs, logEvery, sampleEvery, checkpointEvery } = configuration;
  const perEpoch = stepsPerEpoch(dataset.rolls, batch);
  const lastStep = perEpoch * epochs;
  const endsEpoch = (step: number): boolean => step % perEpoch === 0;
  /** At the end of every so many epochs, and at the end of all. */
  const due = (step: number, every: number): boolean =>
    step === lastStep || (endsEpoch(step) && (step / perEpoch) % every === 0);
  return {
    stepsPerEpoch: perEpoch,
    lastStep,
    epochOf: (step) => Math.ceil(step / perEpoch),
    endsEpoch,
    logsAt: (step) => step % logEvery === 0 || endsEpoch(step),
    samplesAt: (step) => due(step, sampleEvery),
    checkpointsAt: (step) => due(step, checkpointEvery),
    checkpointsUpTo(step, keep) {
      const found = new Set<number>();
      for (let at = Math.min(step, lastStep); at > 0 && found.size < keep; at -= at % perEpoch || perEpoch) {
        if (due(at, checkpointEvery)) found.add(at);
      }
      return found;
    },
  };
}
