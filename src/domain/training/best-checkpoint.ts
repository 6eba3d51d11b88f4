/** The figure of a sampling by which trainings are compared with themselves: how far its tunes are from real ones. */
export const DISTANCE_METRIC = 'distance.frechet';

/** The sampling that came nearest to real tunes. */
export interface BestCheckpoint {
  /** Steps done, as in the name of its checkpoint. */
  readonly step: number;
  /** Frechet distance, 0 or more. */
  readonly distance: number;
}

/** A line of the log, as far as it matters here. */
export interface SampleLogEntry {
  readonly step: number;
  readonly [metric: string]: number;
}

/** The better of the two; the first when they are equal, or when the second was not judged. */
export function betterCheckpoint(
  best: BestCheckpoint | undefined,
  { step, [DISTANCE_METRIC]: distance }: SampleLogEntry,
): BestCheckpoint | undefined {
  if (distance === undefined || distance >= (best?.distance ?? Infinity)) return best;
  return { step, distance };
}

/**
 * The best of a log's samplings whose checkpoint is kept. The log is the record: it holds every distance, and no more than
 * the training that its checkpoints belong to.
 * @param kept steps of the checkpoints there are
 */
export function bestKeptCheckpoint(
  log: readonly SampleLogEntry[],
  kept: readonly number[],
): BestCheckpoint | undefined {
  const there = new Set(kept);
  return log.filter(({ step }) => there.has(step)).reduce<BestCheckpoint | undefined>(betterCheckpoint, undefined);
}
