import type { TrainingSettings } from '../../domain/training/training-settings.js';

interface CommonRequest {
  /** The run's folder. */
  readonly out: string;
  /** Number of newest checkpoints to keep, 1 or more. */
  readonly keep: number;
}

export interface StartRequest extends CommonRequest {
  readonly kind: 'start';
  /** Path of the dataset. */
  readonly dataset: string;
  /** Absent settings take their defaults. */
  readonly settings: Partial<TrainingSettings>;
  /** Whether to replace an existing run in the folder. */
  readonly replace: boolean;
}

export interface ResumeRequest extends CommonRequest {
  readonly kind: 'resume';
  /** New path of the dataset if it has moved. */
  readonly dataset: string | undefined;
  /** `epochs`, `engine`, `device` and `threads` may change; any other setting must equal the run's. */
  readonly settings: Partial<TrainingSettings>;
}

export type TrainRequest = StartRequest | ResumeRequest;
