import type { Hyperparameters } from './model-spec.js';
import type { Vocabulary } from './tune/vocabulary.js';

/** Everything that determines the networks of a run and their training. */
export interface ModelConfiguration {
  /** Catalogue name. */
  readonly architecture: string;
  readonly depth: number;
  /** Hyperparameters that differ from the architecture's defaults. */
  readonly recipe?: Hyperparameters | undefined;
  /** Learned from the dataset before the first step, for architectures with a vocabulary. */
  readonly vocabulary?: Vocabulary | undefined;
}
