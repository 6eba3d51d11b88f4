import type { Node } from './op.js';

/** A tensor that an engine keeps between steps: each step reads `current` and replaces it by `next`. */
export interface StateSlot {
  readonly name: string;
  readonly current: Node<'input'>;
  readonly next: Node;
}

interface NamedNode {
  readonly name: string;
  readonly node: Node;
}

/**
 * One step of computation as a graph. A program without state is a pure function of its feeds.
 * Names are unique among feeds and state together, and among metrics.
 */
export interface Program {
  readonly name: string;
  /** Input tensors that the caller gives at every step. */
  readonly feeds: readonly Node<'input'>[];
  readonly state: readonly StateSlot[];
  /** Output tensors that the engine returns after every step. */
  readonly metrics: readonly NamedNode[];
}

/** All outputs of the program: the metrics, then the next state. */
export const programOutputs = (program: Program): readonly Node[] => [
  ...program.metrics.map((metric) => metric.node),
  ...program.state.map((slot) => slot.next),
];
