import type { Node, OpKind } from '../../../../domain/tensor/op.js';
import { sameShape, sizeOf, type Shape } from '../../../../domain/tensor/tensor.js';
import { blockedConvolution, blockedInputGradient, blockedWeightGradient } from './blocked-convolution.js';
import { topologicalOrder } from '../../../../domain/tensor/topological-order.js';
import type { BlockedOps } from './blocked-ops.js';
import type { GraphBuilder } from '../graph-builder.js';
import type { UseCount } from '../lowering.js';
import type { loweringRules } from '../lowering-rules.js';
import {
  shouldUseWinograd,
  winogradConvolution,
  winogradInputGradient,
  winogradWeightGradient,
  type WinogradCriterion,
} from './winograd-convolution.js';
import { isOneRowHigh, weightGradient } from '../weight-gradient-rule.js';

/** The context of a rule for a program in which some values have the blocked layout (NCHWc). */
export interface BlockedContext {
  readonly builder: GraphBuilder;
  readonly ops: BlockedOps;
  /** Name of a value in the plain layout (NCHW). */
  plainName(node: Node): string;
  /** Name of a value in the blocked layout. Its channels must fill whole blocks, or less than one. */
  blockedName(node: Node): string;
  readonly useCount: UseCount;
  /** Whether Winograd's method pays for a convolution. */
  readonly winogradCriterion: WinogradCriterion;
  /** Rules for operations on plain tensors, and for those that do not depend on the layout. */
  readonly defaultRules: typeof loweringRules;
  /** Whether a value was computed in the blocked layout. */
  isBlocked(node: Node): boolean;
}

/** Name of a value in the blocked or the plain layout. */
export type LoweredValue = { readonly blocked: string } | { readonly plain: string };

/** Lowers one operation on the blocked layout; undefined where the default rule applies to plain operands. */
type BlockedRule<K extends OpKind> = (node: Node<K>, context: BlockedContext) => LoweredValue | undefined;

const useDefaultRule = (): undefined => undefined;

/** Elementwise operations do not depend on the layout. They stay blocked where an operand is. */
const elementwiseRule: BlockedRule<OpKind> = (node, context) => {
  const inputs = node.inputs as readonly Node[];
  if (!inputs.some((input) => context.isBlocked(input))) return undefined;
  if (!inputs.every((input) => sameShape(input.shape, node.shape) || sizeOf(input.shape) === 1)) return undefined;
  const names = inputs.map((input) =>
    sizeOf(input.shape) === 1 ? scalarName(input, context) : context.blockedName(input),
  );
  const rule = context.defaultRules[node.op] as (
    node: Node,
    inputs: readonly string[],
    builder: GraphBuilder,
  ) => string;
  return { blocked: rule(node, names, context.builder) };
};

/** Rules that keep convolutions and the operations between them in the blocked layout. */
export const blockedRules: { readonly [K in OpKind]: BlockedRule<K> } = {
  input: useDefaultRule,
  constant: useDefaultRule,

  add: (node, context) => elementwiseRule(node, context) ?? channelwiseRule(node, context),
  subtract: (node, context) => elementwiseRule(node, context) ?? channelwiseRule(node, context),
  multiply: (node, context) => elementwiseRule(node, context) ?? channelwiseRule(node, context),
  divide: elementwiseRule,

  exp: elementwiseRule,
  log: elementwiseRule,
  sqrt: elementwiseRule,
  tanh: elementwiseRule,
  sigmoid: elementwiseRule,
  softplus: elementwiseRule,
  // Fused into a convolution it needs no pass of its own.
  leakyRelu: (node, context) => {
    const { isBlocked, blockedName, useCount, ops } = context;
    const [x] = node.inputs;
    const fused = isBlocked(x) && useCount(x) === 1 ? ops.fuseLeakyRelu(blockedName(x), node.params.slope) : undefined;
    return fused === undefined ? elementwiseRule(node, context) : { blocked: fused };
  },
  leakyReluSlope: elementwiseRule,

  greater: elementwiseRule,
  greaterOrEqual: elementwiseRule,
  select: elementwiseRule,

  sum: ({ inputs: [x], params: { axes } }, { ops, isBlocked, blockedName }) =>
    isBlocked(x) && sameShape([...axes].sort(), [0, 2, 3])
      ? { plain: ops.sumPerChannel(blockedName(x), x.shape as [number, number, number, number]) }
      : undefined,
  max: useDefaultRule,

  broadcast: useDefaultRule,
  reshape: useDefaultRule,
  transpose: useDefaultRule,
  slice: useDefaultRule,
  pad: useDefaultRule,
  concat: useDefaultRule,

  matmul: useDefaultRule,
  conv2d: (node, { plainName, blockedName, ops, builder, winogradCriterion }) => {
    const [x, w] = node.inputs;
    if (!canBlockConvolution(x, node, ops)) return undefined;
    if (shouldUseWinograd(node, ops, winogradCriterion))
      return { blocked: winogradConvolution(node, blockedName(x), plainName(w), ops, builder) };
    return { blocked: blockedConvolution(node, blockedName(x), plainName(w), ops) };
  },
  conv2dInputGradient: (node, { plainName, blockedName, ops, builder, winogradCriterion }) => {
    const [y, w] = node.inputs;
    if (!canBlockConvolution(y, node, ops)) return undefined;
    if (shouldUseWinograd(node, ops, winogradCriterion))
      return { blocked: winogradInputGradient(node, blockedName(y), plainName(w), ops, builder) };
    const x = blockedInputGradient(node, blockedName(y), plainName(w), ops);
    return x === undefined ? undefined : { blocked: x };
  },
  conv2dWeightGradient: (node, { plainName, blockedName, isBlocked, ops, builder, winogradCriterion }) => {
    const [x, y] = node.inputs;
    if (shouldUseWinograd(node, ops, winogradCriterion)) {
      const gradient = (): string => winogradWeightGradient(node, blockedName(x), blockedName(y), ops, builder);
      // A discriminator's backward passes start after all of its forward passes. Keeping the transformed inputs until
      // then would take a quarter of all memory.
      return { plain: isConvolvedInto(x, y) ? builder.recompute(gradient) : gradient() };
    }
    if (isBlocked(y) && x.shape[1]! < ops.blockSize && ops.isBlockMultiple(x.shape[0]!))
      return { plain: blockedWeightGradient(node, plainName(x), blockedName(y), ops, builder) };
    if (!isBlocked(x) || isOneRowHigh(node.params)) return undefined;
    const channelsLast = ops.toChannelsLast(blockedName(x), x.shape[1]!);
    return { plain: weightGradient(node, channelsLast, plainName(y), builder, ops.toChannelsFirst) };
  },

  stopGradient: ({ inputs: [x] }, { isBlocked, blockedName }) =>
    isBlocked(x) ? { blocked: blockedName(x) } : undefined,
};

/** Whether `y` depends on a convolution of `x`. */
function isConvolvedInto(x: Node, y: Node): boolean {
  return topologicalOrder([y]).some((node) => node.op === 'conv2d' && node.inputs[0] === x);
}

/** Whether the channels of both tensors allow a blocked convolution between them. */
const canBlockConvolution = (
  from: { readonly shape: Shape },
  to: { readonly shape: Shape },
  ops: BlockedOps,
): boolean =>
  (from.shape[1]! < ops.blockSize || ops.isBlockMultiple(from.shape[1]!)) && ops.isBlockMultiple(to.shape[1]!);

/** Name of a value with one element, as a scalar. */
const scalarName = (node: Node, { plainName, ops }: BlockedContext): string =>
  node.shape.length === 0 ? plainName(node) : ops.reshape(plainName(node), []);

/** x * k, x + k, x - k, k - x and (x * k) + l, where k and l have one element per channel of x. */
function channelwiseRule(
  node: Node<'add' | 'subtract' | 'multiply'>,
  context: BlockedContext,
): LoweredValue | undefined {
  const { ops, builder, plainName, blockedName } = context;
  const [x, k] = channelwiseOperands(node, context) ?? [];
  if (x === undefined || k === undefined) return undefined;
  const channels = node.shape[1]!;
  if (node.op === 'multiply') return { blocked: ops.scalePerChannel(blockedName(x), channels, plainName(k)) };
  const isReversed = node.op === 'subtract' && x === node.inputs[1]; // k - x
  const offset = node.op === 'subtract' && !isReversed ? builder.add('Neg', [plainName(k)]) : plainName(k);
  if (node.op === 'add' && x.op === 'add' && context.useCount(x) === 1) {
    // (a + b * l) + k = a + (b * l + k), where b * l + k takes one pass
    const [a, product] = orderProductLast(x, context) ?? [];
    if (a !== undefined && product !== undefined) {
      const [b, l] = channelwiseOperands(product, context)!;
      const scaled = ops.scalePerChannel(blockedName(b), channels, plainName(l), offset);
      return { blocked: builder.add('Add', [blockedName(a), scaled]) };
    }
  }
  const inner = !isReversed && x.op === 'multiply' ? channelwiseOperands(x, context) : undefined;
  if (inner !== undefined)
    return { blocked: ops.scalePerChannel(blockedName(inner[0]), channels, plainName(inner[1]), offset) };
  const one = builder.tensor([channels, 1, 1, 1], new Float32Array(channels).fill(isReversed ? -1 : 1));
  return { blocked: ops.scalePerChannel(blockedName(x), channels, one, offset) };
}

/** The operands of a sum of two blocked values, with a channelwise product last; undefined where neither is one. */
function orderProductLast(
  { inputs: [a, b] }: Node<'add'>,
  context: BlockedContext,
): readonly [Node, Node<'multiply'>] | undefined {
  const isProduct = (n: Node): n is Node<'multiply'> =>
    n.op === 'multiply' && context.useCount(n) === 1 && channelwiseOperands(n, context) !== undefined;
  if (!context.isBlocked(a) || !context.isBlocked(b)) return undefined;
  if (isProduct(b)) return [a, b];
  return isProduct(a) ? [b, a] : undefined;
}

/** The blocked operand, and the one with one element per channel; undefined where the operands are others. */
function channelwiseOperands(
  node: Node<'add' | 'subtract' | 'multiply'>,
  context: BlockedContext,
): readonly [Node, Node] | undefined {
  const [a, b] = node.inputs;
  const isPerChannel = (k: Node): boolean =>
    k.shape.length === 4 && k.shape[1] === node.shape[1] && sizeOf(k.shape) === k.shape[1];
  const isBlockedOperand = (x: Node): boolean => context.isBlocked(x) && sameShape(x.shape, node.shape);
  if (isBlockedOperand(a) && isPerChannel(b)) return [a, b];
  return isBlockedOperand(b) && isPerChannel(a) ? [b, a] : undefined;
}
