import type { Hyperparameters } from '../model/model-spec.js';

/** The settings that the user chooses for a training run. */
export interface TrainingSettings {
  /** Catalogue name; undefined for the architecture that fits the dataset. */
  readonly model: string | undefined;
  /** Channels of the layers at full resolution; undefined for the default of the architecture. */
  readonly depth: number | undefined;
  /** Hyperparameters that replace the architecture's defaults, by name. */
  readonly recipe: Hyperparameters | undefined;
  readonly engine: string;
  readonly device: string;
  readonly threads: number;
  /** Rolls per step. */
  readonly batch: number;
  readonly epochs: number;
  readonly seed: number;
  /** Steps between two log lines. */
  readonly logEvery: number;
  /** Epochs between two sets of samples. */
  readonly sampleEvery: number;
  /** Epochs between two checkpoints. */
  readonly checkpointEvery: number;
}

/** The defaults of a new run. `threads` has none here: it is the number of the machine's cores. */
export const DEFAULT_TRAINING_SETTINGS = {
  model: undefined,
  depth: undefined,
  recipe: undefined,
  engine: 'onnxruntime',
  device: 'auto',
  batch: 16,
  epochs: 100,
  seed: 1,
  logEvery: 10,
  sampleEvery: 10,
  checkpointEvery: 10,
} as const satisfies Omit<TrainingSettings, 'threads'>;
