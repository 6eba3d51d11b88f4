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
export const permuteToLayout = <T>(entries: readonly T[], layout: Layout): T[] =>
  layout === 'plain' ? [...entries] : ORDERS[layout].map((axis) => entries[axis]!);

/** The position in the layout of an axis of the program's tensor. */
export const axisInLayout = (axis: number, layout: Layout): number =>
  layout === 'plain' ? axis : ORDERS[layout].indexOf(axis);

/** The permutation that brings a plain tensor into the layout, or back. */
export const permutationToLayout = (layout: Layout): readonly number[] => ORDERS[layout];
export const permutationFromLayout = (layout: Layout): readonly number[] =>
  ORDERS.plain.map((axis) => axisInLayout(axis, layout));

/** Whether going from plain to the layout moves no value: only axes of length 1 change their place. */
export const keepsElementOrder = (shape: Shape, layout: Layout): boolean => {
  const long = ORDERS[layout].filter((axis) => shape[axis] !== 1);
  return long.every((axis, i) => i === 0 || long[i - 1]! < axis);
};

/** With axes of length 1 in front until there are four, as broadcasting sees it. */
export const expandToRank4 = (shape: Shape): Shape => [...new Array<number>(4 - shape.length).fill(1), ...shape];

/** The layouts an operation takes its inputs in, and the one of its result. */
interface OpLayouts {
  readonly inputs: readonly Layout[];
  readonly result: Layout;
}

type LayoutRule = (node: Node, given: readonly Layout[]) => OpLayouts;

const plain: LayoutRule = ({ inputs }) => ({ inputs: inputs.map(() => 'plain'), result: 'plain' });

/** Whatever layout one of the inputs of four axes has already. */
const anyLayout: LayoutRule = (node, given) => {
  const found = node.shape.length === 4 ? given.find((layout) => layout !== 'plain') : undefined;
  const layout = found ?? 'plain';
  return { inputs: node.inputs.map(() => layout), result: layout };
};

const fixedLayouts =
  (result: Layout, ...inputs: readonly Layout[]): LayoutRule =>
  () => ({ inputs, result });

export const layoutRules: { readonly [K in OpKind]: LayoutRule } = {
  input: plain,
  constant: plain,
  add: anyLayout,
  subtract: anyLayout,
  multiply: anyLayout,
  divide: anyLayout,
  exp: anyLayout,
  log: anyLayout,
  sqrt: anyLayout,
  tanh: anyLayout,
  sigmoid: anyLayout,
  softplus: anyLayout,
  leakyRelu: anyLayout,
  leakyReluSlope: anyLayout,
  greater: anyLayout,
  greaterOrEqual: anyLayout,
  select: anyLayout,
  sum: anyLayout,
  max: anyLayout,
  broadcast: anyLayout,
  reshape: plain,
  transpose: plain,
  slice: anyLayout,
  pad: anyLayout,
  concat: anyLayout,
  matmul: plain,
  conv2d: fixedLayouts('channelsLast', 'channelsLast', 'filter'),
  conv2dInputGradient: fixedLayouts('channelsLast', 'channelsLast', 'filter'),
  // As a filter would suit the kernels better, but then the optimizer's moments would have to follow it, and come back.
  conv2dWeightGradient: fixedLayouts('plain', 'channelsLast', 'channelsLast'),
  stopGradient: anyLayout,
};
