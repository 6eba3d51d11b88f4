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

/** What a rule sees of a program that is half in blocks. */
export interface BlockedContext {
  readonly builder: GraphBuilder;
  readonly blocks: BlockedOps;
  /** Name of a value as ONNX has it. */
  plainName(node: Node): string;
  /** Name of a value in blocks; only of one that fits in them. */
  blockedName(node: Node): string;
  readonly useCount: UseCount;
  /** Whether a convolution is worth being written by nine products. */
  readonly winogradCriterion: WinogradCriterion;
  /** How what has no blocks is written, and what is the same with and without. */
  readonly defaultRules: typeof loweringRules;
  /** Whether a value was computed in blocks. */
  isBlocked(node: Node): boolean;
}

/** A value in blocks or as it is. */
export type LoweredValue = { readonly blocked: string } | { readonly plain: string };

/** Writes one operation by blocks; undefined: as elsewhere, with its operands as they are. */
type BlockedRule<K extends OpKind> = (node: Node<K>, context: BlockedContext) => LoweredValue | undefined;

const useDefaultRule = (): undefined => undefined;

/** The order of the numbers is nothing to it: it runs on blocks as they lie, where an operand was computed in them. */
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

/** How operations are written for onnxruntime's cpu provider, so that convolutions and what lies between them stay in blocks. */
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
  // What a convolution ends with costs no pass of its own.
  leakyRelu: (node, context) => {
    const { isBlocked, blockedName, useCount, blocks } = context;
    const [x] = node.inputs;
    const ended =
      isBlocked(x) && useCount(x) === 1 ? blocks.fuseLeakyRelu(blockedName(x), node.params.slope) : undefined;
    return ended === undefined ? elementwiseRule(node, context) : { blocked: ended };
  },
  leakyReluSlope: elementwiseRule,

  greater: elementwiseRule,
  greaterOrEqual: elementwiseRule,
  select: elementwiseRule,

  sum: ({ inputs: [x], params: { axes } }, { blocks, isBlocked, blockedName }) =>
    isBlocked(x) && sameShape([...axes].sort(), [0, 2, 3])
      ? { plain: blocks.sumPerChannel(blockedName(x), x.shape as [number, number, number, number]) }
      : undefined,
  max: useDefaultRule,

  broadcast: useDefaultRule,
  reshape: useDefaultRule,
  transpose: useDefaultRule,
  slice: useDefaultRule,
  pad: useDefaultRule,
  concat: useDefaultRule,

  matmul: useDefaultRule,
  conv2d: (node, { plainName, blockedName, blocks, builder, winogradCriterion }) => {
    const [x, w] = node.inputs;
    if (!canBlockConvolution(x, node, blocks)) return undefined;
    if (shouldUseWinograd(node, blocks, winogradCriterion))
      return { blocked: winogradConvolution(node, blockedName(x), plainName(w), blocks, builder) };
    return { blocked: blockedConvolution(node, blockedName(x), plainName(w), blocks) };
  },
  conv2dInputGradient: (node, { plainName, blockedName, blocks, builder, winogradCriterion }) => {
    const [y, w] = node.inputs;
    if (!canBlockConvolution(y, node, blocks)) return undefined;
    if (shouldUseWinograd(node, blocks, winogradCriterion))
      return { blocked: winogradInputGradient(node, blockedName(y), plainName(w), blocks, builder) };
    const x = blockedInputGradient(node, blockedName(y), plainName(w), blocks);
    return x === undefined ? undefined : { blocked: x };
  },
  conv2dWeightGradient: (node, { plainName, blockedName, isBlocked, blocks, builder, winogradCriterion }) => {
    const [x, y] = node.inputs;
    if (shouldUseWinograd(node, blocks, winogradCriterion)) {
      const gradient = (): string => winogradWeightGradient(node, blockedName(x), blockedName(y), blocks, builder);
      // A discriminator's backward passes begin when all of its forward passes are done: data kept till then would be a quarter of all memory.
      return { plain: isConvolvedInto(x, y) ? builder.recompute(gradient) : gradient() };
    }
    if (isBlocked(y) && x.shape[1]! < blocks.blockSize && blocks.isBlockMultiple(x.shape[0]!))
      return { plain: blockedWeightGradient(node, plainName(x), blockedName(y), blocks, builder) };
    if (!isBlocked(x) || isOneRowHigh(node.params)) return undefined;
    const channelsLast = blocks.toChannelsLast(blockedName(x), x.shape[1]!);
    return { plain: weightGradient(node, channelsLast, plainName(y), builder, blocks.toChannelsFirst) };
  },

  stopGradient: ({ inputs: [x] }, { isBlocked, blockedName }) =>
    isBlocked(x) ? { blocked: blockedName(x) } : undefined,
};

/** Whether a convolution of `x` leads to `y`. */
function isConvolvedInto(x: Node, y: Node): boolean {
  return topologicalOrder([y]).some((node) => node.op === 'conv2d' && node.inputs[0] === x);
}

/** Whether a convolution from one to the other can be had in blocks. */
const canBlockConvolution = (
  from: { readonly shape: Shape },
  to: { readonly shape: Shape },
  blocks: BlockedOps,
): boolean =>
  (from.shape[1]! < blocks.blockSize || blocks.isBlockMultiple(from.shape[1]!)) && blocks.isBlockMultiple(to.shape[1]!);

/** A value of one number for all of a tensor, whatever its rank. */
const scalarName = (node: Node, { plainName, blocks }: BlockedContext): string =>
  node.shape.length === 0 ? plainName(node) : blocks.reshape(plainName(node), []);

/** x * k, x + k, x - k and (x * k) + l where k and l have a number for each channel of x. */
function channelwiseRule(
  node: Node<'add' | 'subtract' | 'multiply'>,
  context: BlockedContext,
): LoweredValue | undefined {
  const { blocks, builder, plainName, blockedName } = context;
  const [x, k] = channelwiseOperands(node, context) ?? [];
  if (x === undefined || k === undefined) return undefined;
  const channels = node.shape[1]!;
  if (node.op === 'multiply') return { blocked: blocks.scalePerChannel(blockedName(x), channels, plainName(k)) };
  const turned = node.op === 'subtract' && x === node.inputs[1]; // k - x
  const offset = node.op === 'subtract' && !turned ? builder.add('Neg', [plainName(k)]) : plainName(k);
  if (node.op === 'add' && x.op === 'add' && context.useCount(x) === 1) {
    // (a + b * l) + k = a + (b * l + k), of which the second is one pass
    const [a, product] = orderProductLast(x, context) ?? [];
    if (a !== undefined && product !== undefined) {
      const [b, l] = channelwiseOperands(product, context)!;
      const scaled = blocks.scalePerChannel(blockedName(b), channels, plainName(l), offset);
      return { blocked: builder.add('Add', [blockedName(a), scaled]) };
    }
  }
  const inner = !turned && x.op === 'multiply' ? channelwiseOperands(x, context) : undefined;
  if (inner !== undefined)
    return { blocked: blocks.scalePerChannel(blockedName(inner[0]), channels, plainName(inner[1]), offset) };
  const one = builder.tensor([channels, 1, 1, 1], new Float32Array(channels).fill(turned ? -1 : 1));
  return { blocked: blocks.scalePerChannel(blockedName(x), channels, one, offset) };
}

/** The operands of a sum of two values in blocks, last the one that is a product with a number for each channel. */
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

/** The operand that was computed in blocks, and the one with a number for each of its channels. */
function channelwiseOperands(
  node: Node<'add' | 'subtract' | 'multiply'>,
  context: BlockedContext,
): readonly [Node, Node] | undefined {
  const [a, b] = node.inputs;
  const perChannel = (k: Node): boolean =>
    k.shape.length === 4 && k.shape[1] === node.shape[1] && sizeOf(k.shape) === k.shape[1];
  const fits = (x: Node): boolean => context.isBlocked(x) && sameShape(x.shape, node.shape);
  if (fits(a) && perChannel(b)) return [a, b];
  return fits(b) && perChannel(a) ? [b, a] : undefined;
}
