import { DomainError } from '../errors.js';

/** A tensor of a training holds NaN or infinite values. */
export class TrainingDivergedError extends DomainError {
  readonly code = 'TRAINING_DIVERGED';
  constructor(step: number, tensor: string) {
    super(
      `training diverged: ${tensor} is not a finite number after step ${step}; the last good checkpoint is kept, ` +
        'train again with another --seed or a larger --batch',
    );
  }
}

/** The dataset does not fit the model, or is not the one that the run was started with. */
export class DatasetMismatchError extends DomainError {
  readonly code = 'DATASET_MISMATCH';
}
