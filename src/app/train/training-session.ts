import type { ModelSpec } from '../../domain/model/model-spec.js';
import type { RunConfiguration } from '../../domain/training/run-configuration.js';
import type { Dataset } from '../../ports/dataset-store.js';
import type { Run } from '../../ports/run-store.js';
import type { TensorEngine } from '../../ports/tensor-engine.js';

/** Everything that a training uses, checked and open. */
export interface TrainingSession {
  readonly run: Run;
  readonly configuration: RunConfiguration;
  readonly spec: ModelSpec;
  readonly dataset: Dataset;
  readonly engine: TensorEngine;
  /** Number of newest checkpoints to keep. */
  readonly keep: number;
}
