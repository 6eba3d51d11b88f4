import type { NamedTensors } from '../tensor/tensor.js';

export const CHECKPOINT_VERSION = 1;

/** All that a run needs to go on: the state of its program after `step` steps. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** Catalogue name and depth of the model the state belongs to. */
  readonly model: { readonly architecture: string; readonly depth: number };
  /** Weights, optimizer moments, running statistics, by name. */
  readonly state: NamedTensors;
}
