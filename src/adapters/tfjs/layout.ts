import type { Node, OpKind } from '../../domain/tensor/op.js';
import type { Shape } from '../../domain/tensor/tensor.js';

/**
 * In which order a tensor of four axes lies in memory. tfjs's convolutions want channels last and filters
 * [height, width, in, out], so values stay as the convolutions left them until an operation needs them plain.
 */
export type Layout = 'plain' | 'channelsLast' | 'filter';

/** Axis i of a tensor in memory is axis ORDERS[layout][i] of the program's. */
const ORDERS: { readonly [L in Layout]: readonly number[] } = {
  plain: [0, 1, 2, 3],
  channelsLast: [0, 2, 3, 1],
  filter: [2, 3, 1, 0],
};

/** One entry an axis, put in the order of the layout. */
export const arranged = <T>(entries: readonly T[], layout: Layout): T[] =>
  layout === 'plain' ? [...entries] : ORDERS[layout].map((axis) => entries[axis]!);

/** Where an axis of the program's tensor lies in the layout. */
export const axisIn = (axis: number, layout: Layout): number =>
  layout === 'plain' ? axis : ORDERS[layout].indexOf(axis);

/** The permutation that brings a plain tensor into the layout, or back. */
export const permutationTo = (layout: Layout): readonly number[] => ORDERS[layout];
export const permutationFrom = (layout: Layout): readonly number[] => ORDERS.plain.map((axis) => axisIn(axis, layout));

/** Whether going from plain to the layout moves no value: only axes of length 1 change their place. */
export const movesNothing = (shape: Shape, layout: Layout): boolean => {
  const long = ORDERS[layout].filter((axis) => shape[axis] !== 1);
  return long.every((axis, i) => i === 0 || long[i - 1]! < axis);
};

/** With axes of length 1 in front until there are four, as broadcasting sees it. */
export const fourAxes = (shape: Shape): Shape => [...new Array<number>(4 - shape.length).fill(1), ...shape];

/** The layouts an operation takes its inputs in, and the one of its result. */
export interface Layouts {
  readonly inputs: readonly Layout[];
  readonly result: Layout;
}

type Rule = (node: Node, given: readonly Layout[]) => Layouts;

const plain: Rule = ({ inputs }) => ({ inputs: inputs.map(() => 'plain'), result: 'plain' });

/** Whatever layout one of the inputs of four axes has already. */
const follows: Rule = (node, given) => {
  const found = node.shape.length === 4 ? given.find((layout) => layout !== 'plain') : undefined;
  const layout = found ?? 'plain';
  return { inputs: node.inputs.map(() => layout), result: layout };
};

const always =
  (result: Layout, ...inputs: readonly Layout[]): Rule =>
  () => ({ inputs, result });

export const layoutRules: { readonly [K in OpKind]: Rule } = {
  input: plain,
  constant: plain,
  add: follows,
  subtract: follows,
  multiply: follows,
  divide: follows,
  exp: follows,
  log: follows,
  sqrt: follows,
  tanh: follows,
  sigmoid: follows,
  softplus: follows,
  leakyRelu: follows,
  leakyReluSlope: follows,
  greater: follows,
  greaterOrEqual: follows,
  select: follows,
  sum: follows,
  max: follows,
  broadcast: follows,
  reshape: plain,
  transpose: plain,
  slice: follows,
  pad: follows,
  concat: follows,
  matmul: plain,
  conv2d: always('channelsLast', 'channelsLast', 'filter'),
  conv2dInputGradient: always('channelsLast', 'channelsLast', 'filter'),
  // As a filter would suit the kernels better, but then the optimizer's moments would have to follow it, and come back.
  conv2dWeightGradient: always('plain', 'channelsLast', 'channelsLast'),
  stopGradient: follows,
};
