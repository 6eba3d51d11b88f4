import type { BestCheckpoint } from '../../domain/training/best-checkpoint.js';
import type { RunConfiguration } from '../../domain/training/run-configuration.js';
import type { LogEntry } from '../../ports/run-store.js';

export interface TrainingLoopResult {
  /** Steps done in all, and in this invocation. */
  readonly steps: number;
  readonly stepsNow: number;
  readonly epochs: number;
  /** The last line of the log; absent if there is none. */
  readonly last: LogEntry | undefined;
  /** The checkpoint whose samples came nearest to real tunes; absent if none were compared. */
  readonly best: BestCheckpoint | undefined;
}

export interface TrainResult extends TrainingLoopResult {
  readonly path: string;
  readonly configuration: RunConfiguration;
}
