import type { Hyperparameters } from './model-spec.js';
import type { Vocabulary } from './tune/vocabulary.js';

/** All that settles the networks of a run and how they are trained. */
export interface ModelConfiguration {
  /** Catalogue name. */
  readonly architecture: string;
  readonly depth: number;
  /** Numbers of the recipe that are not the architecture's usual ones. */
  readonly recipe?: Hyperparameters | undefined;
  /** What was learned from the dataset before the first step, for an architecture that chooses. */
  readonly vocabulary?: Vocabulary | undefined;
}
