import type { NamedTensors } from '../tensor/tensor.js';

export const CHECKPOINT_VERSION = 1;

/** Everything needed to resume a run: the state of its training program after `step` steps. */
export interface Checkpoint {
  /** Steps completed. */
  readonly step: number;
  /** Catalogue name and depth of the model that the state belongs to. */
  readonly model: { readonly architecture: string; readonly depth: number };
  /** Weights, optimizer moments and running statistics, by name. */
  readonly state: NamedTensors;
}
