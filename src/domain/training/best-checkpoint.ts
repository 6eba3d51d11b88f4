/** The log's metric by which checkpoints are compared: the Frechet distance of sampled tunes from real ones. */
const DISTANCE_METRIC = 'distance.frechet';

/** The checkpoint whose samples are nearest to real tunes. */
export interface BestCheckpoint {
  /** Steps completed, as in the checkpoint's file name. */
  readonly step: number;
  /** Frechet distance, 0 or more. */
  readonly distance: number;
}

/** The fields of a log line that are read here. */
interface SampleLogEntry {
  readonly step: number;
  readonly [metric: string]: number;
}

/** The one with the smaller distance; the first when they are equal or the second has no distance. */
export function betterCheckpoint(
  best: BestCheckpoint | undefined,
  { step, [DISTANCE_METRIC]: distance }: SampleLogEntry,
): BestCheckpoint | undefined {
  if (distance === undefined || distance >= (best?.distance ?? Infinity)) return best;
  return { step, distance };
}

/**
 * The best of the checkpoints that still exist, by the distances in the log.
 * @param kept steps of the checkpoints that exist
 */
export function bestKeptCheckpoint(
  log: readonly SampleLogEntry[],
  kept: readonly number[],
): BestCheckpoint | undefined {
  const keptSteps = new Set(kept);
  return log.filter(({ step }) => keptSteps.has(step)).reduce<BestCheckpoint | undefined>(betterCheckpoint, undefined);
}
