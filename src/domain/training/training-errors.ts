import { DomainError } from '../errors.js';

/** The numbers of a training have become useless: NaN or infinite. */
export class TrainingDivergedError extends DomainError {
  readonly code = 'TRAINING_DIVERGED';
  constructor(step: number, tensor: string) {
    super(
      `training diverged: ${tensor} is not a finite number after step ${step}; the last good checkpoint is kept, ` +
        'train again with another --seed or a larger --batch',
    );
  }
}

/** The dataset does not fit the model, or is not the one the run began with. */
export class DatasetMismatchError extends DomainError {
  readonly code = 'DATASET_MISMATCH';
}
