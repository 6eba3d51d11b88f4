import type { Node } from './op.js';

/** A tensor that an engine keeps between steps: the step reads `current` and leaves the value of `next` in its place. */
export interface StateSlot {
  readonly name: string;
  readonly current: Node<'input'>;
  readonly next: Node;
}

export interface NamedNode {
  readonly name: string;
  readonly node: Node;
}

/**
 * One step as data: what is fed, what is kept, what is read. A program without state is a plain function.
 * Names are unique over feeds and state, and over metrics.
 */
export interface Program {
  readonly name: string;
  /** Given anew at every step. */
  readonly feeds: readonly Node<'input'>[];
  readonly state: readonly StateSlot[];
  /** Given back after every step. */
  readonly metrics: readonly NamedNode[];
}

/** Everything the program computes: metrics first, then the next state. */
export const programOutputs = (program: Program): readonly Node[] => [
  ...program.metrics.map((metric) => metric.node),
  ...program.state.map((slot) => slot.next),
];
