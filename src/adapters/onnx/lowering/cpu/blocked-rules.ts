import type { Node, OpKind } from '../../../../domain/tensor/op.js';
import { sameShape, sizeOf, type Shape } from '../../../../domain/tensor/tensor.js';
import { blockedConvolution, blockedInputGradient, blockedWeightGradient } from './blocked-convolution.js';
import { topologicalOrder } from '../../../../domain/tensor/topological-order.js';
import type { Blocks } from './blocks.js';
import type { GraphBuilder } from '../graph-builder.js';
import type { Uses } from '../lowering.js';
import type { lowerings } from '../lowering-rules.js';
import {
  byNineProducts,
  winogradConvolution,
  winogradInputGradient,
  winogradWeightGradient,
  type WorthNineProducts,
} from './winograd-convolution.js';
import { isOneRowHigh, weightGradient } from '../weight-gradient-rule.js';

/** What a rule sees of a program that is half in blocks. */
export interface BlockedContext {
  readonly builder: GraphBuilder;
  readonly blocks: Blocks;
  /** Name of a value as ONNX has it. */
  plain(node: Node): string;
  /** Name of a value in blocks; only of one that fits in them. */
  closed(node: Node): string;
  readonly uses: Uses;
  /** Whether a convolution is worth being written by nine products. */
  readonly worth: WorthNineProducts;
  /** How what has no blocks is written, and what is the same with and without. */
  readonly rules: typeof lowerings;
  /** Whether a value was computed in blocks. */
  isClosed(node: Node): boolean;
}

/** A value in blocks or as it is. */
export type Written = { readonly closed: string } | { readonly plain: string };

/** Writes one operation by blocks; undefined: as elsewhere, with its operands as they are. */
type BlockedRule<K extends OpKind> = (node: Node<K>, context: BlockedContext) => Written | undefined;

const asElsewhere = (): undefined => undefined;

/** The order of the numbers is nothing to it: it runs on blocks as they lie, where an operand was computed in them. */
const eachNumber: BlockedRule<OpKind> = (node, context) => {
  const inputs = node.inputs as readonly Node[];
  if (!inputs.some((input) => context.isClosed(input))) return undefined;
  if (!inputs.every((input) => sameShape(input.shape, node.shape) || sizeOf(input.shape) === 1)) return undefined;
  const names = inputs.map((input) => (sizeOf(input.shape) === 1 ? scalar(input, context) : context.closed(input)));
  const rule = context.rules[node.op] as (node: Node, inputs: readonly string[], builder: GraphBuilder) => string;
  return { closed: rule(node, names, context.builder) };
};

/** How operations are written for onnxruntime's cpu provider, so that convolutions and what lies between them stay in blocks. */
export const blockedRules: { readonly [K in OpKind]: BlockedRule<K> } = {
  input: asElsewhere,
  constant: asElsewhere,

  add: (node, context) => eachNumber(node, context) ?? eachChannel(node, context),
  subtract: (node, context) => eachNumber(node, context) ?? eachChannel(node, context),
  multiply: (node, context) => eachNumber(node, context) ?? eachChannel(node, context),
  divide: eachNumber,

  exp: eachNumber,
  log: eachNumber,
  sqrt: eachNumber,
  tanh: eachNumber,
  sigmoid: eachNumber,
  softplus: eachNumber,
  // What a convolution ends with costs no pass of its own.
  leakyRelu: (node, context) => {
    const { isClosed, closed, uses, blocks } = context;
    const [x] = node.inputs;
    const ended = isClosed(x) && uses(x) === 1 ? blocks.endedByLeakyRelu(closed(x), node.params.slope) : undefined;
    return ended === undefined ? eachNumber(node, context) : { closed: ended };
  },
  leakyReluSlope: eachNumber,

  greater: eachNumber,
  greaterOrEqual: eachNumber,
  select: eachNumber,

  sum: ({ inputs: [x], params: { axes } }, { blocks, isClosed, closed }) =>
    isClosed(x) && sameShape([...axes].sort(), [0, 2, 3])
      ? { plain: blocks.sum(closed(x), x.shape as [number, number, number, number]) }
      : undefined,
  max: asElsewhere,

  broadcast: asElsewhere,
  reshape: asElsewhere,
  transpose: asElsewhere,
  slice: asElsewhere,
  pad: asElsewhere,
  concat: asElsewhere,

  matmul: asElsewhere,
  conv2d: (node, { plain, closed, blocks, builder, worth }) => {
    const [x, w] = node.inputs;
    if (!mapsBlocks(x, node, blocks)) return undefined;
    if (byNineProducts(node, blocks, worth))
      return { closed: winogradConvolution(node, closed(x), plain(w), blocks, builder) };
    return { closed: blockedConvolution(node, closed(x), plain(w), blocks) };
  },
  conv2dInputGradient: (node, { plain, closed, blocks, builder, worth }) => {
    const [y, w] = node.inputs;
    if (!mapsBlocks(y, node, blocks)) return undefined;
    if (byNineProducts(node, blocks, worth))
      return { closed: winogradInputGradient(node, closed(y), plain(w), blocks, builder) };
    const x = blockedInputGradient(node, closed(y), plain(w), blocks);
    return x === undefined ? undefined : { closed: x };
  },
  conv2dWeightGradient: (node, { plain, closed, isClosed, blocks, builder, worth }) => {
    const [x, y] = node.inputs;
    if (byNineProducts(node, blocks, worth)) {
      const gradient = (): string => winogradWeightGradient(node, closed(x), closed(y), blocks, builder);
      // A discriminator's backward passes begin when all of its forward passes are done: data kept till then would be a quarter of all memory.
      return { plain: isFeltBy(x, y) ? builder.anew(gradient) : gradient() };
    }
    if (isClosed(y) && x.shape[1]! < blocks.block && blocks.fits(x.shape[0]!))
      return { plain: blockedWeightGradient(node, plain(x), closed(y), blocks, builder) };
    if (!isClosed(x) || isOneRowHigh(node.params)) return undefined;
    const channelsLast = blocks.openChannelsLast(closed(x), x.shape[1]!);
    return { plain: weightGradient(node, channelsLast, plain(y), builder, blocks.placesLast) };
  },

  stopGradient: ({ inputs: [x] }, { isClosed, closed }) => (isClosed(x) ? { closed: closed(x) } : undefined),
};

/** Whether a convolution of `x` leads to `y`. */
function isFeltBy(x: Node, y: Node): boolean {
  return topologicalOrder([y]).some((node) => node.op === 'conv2d' && node.inputs[0] === x);
}

/** Whether a convolution from one to the other can be had in blocks. */
const mapsBlocks = (from: { readonly shape: Shape }, to: { readonly shape: Shape }, blocks: Blocks): boolean =>
  (from.shape[1]! < blocks.block || blocks.fits(from.shape[1]!)) && blocks.fits(to.shape[1]!);

/** A value of one number for all of a tensor, whatever its rank. */
const scalar = (node: Node, { plain, blocks }: BlockedContext): string =>
  node.shape.length === 0 ? plain(node) : blocks.reshape(plain(node), []);

/** x * k, x + k, x - k and (x * k) + l where k and l have a number for each channel of x. */
function eachChannel(node: Node<'add' | 'subtract' | 'multiply'>, context: BlockedContext): Written | undefined {
  const { blocks, builder, plain, closed } = context;
  const [x, k] = sides(node, context) ?? [];
  if (x === undefined || k === undefined) return undefined;
  const channels = node.shape[1]!;
  if (node.op === 'multiply') return { closed: blocks.scale(closed(x), channels, plain(k)) };
  const turned = node.op === 'subtract' && x === node.inputs[1]; // k - x
  const offset = node.op === 'subtract' && !turned ? builder.add('Neg', [plain(k)]) : plain(k);
  if (node.op === 'add' && x.op === 'add' && context.uses(x) === 1) {
    // (a + b * l) + k = a + (b * l + k), of which the second is one pass
    const [a, product] = productLast(x, context) ?? [];
    if (a !== undefined && product !== undefined) {
      const [b, l] = sides(product, context)!;
      const scaled = blocks.scale(closed(b), channels, plain(l), offset);
      return { closed: builder.add('Add', [closed(a), scaled]) };
    }
  }
  const inner = !turned && x.op === 'multiply' ? sides(x, context) : undefined;
  if (inner !== undefined) return { closed: blocks.scale(closed(inner[0]), channels, plain(inner[1]), offset) };
  const one = builder.tensor([channels, 1, 1, 1], new Float32Array(channels).fill(turned ? -1 : 1));
  return { closed: blocks.scale(closed(x), channels, one, offset) };
}

/** The operands of a sum of two values in blocks, last the one that is a product with a number for each channel. */
function productLast(
  { inputs: [a, b] }: Node<'add'>,
  context: BlockedContext,
): readonly [Node, Node<'multiply'>] | undefined {
  const isProduct = (n: Node): n is Node<'multiply'> =>
    n.op === 'multiply' && context.uses(n) === 1 && sides(n, context) !== undefined;
  if (!context.isClosed(a) || !context.isClosed(b)) return undefined;
  if (isProduct(b)) return [a, b];
  return isProduct(a) ? [b, a] : undefined;
}

/** The operand that was computed in blocks, and the one with a number for each of its channels. */
function sides(
  node: Node<'add' | 'subtract' | 'multiply'>,
  context: BlockedContext,
): readonly [Node, Node] | undefined {
  const [a, b] = node.inputs;
  const perChannel = (k: Node): boolean =>
    k.shape.length === 4 && k.shape[1] === node.shape[1] && sizeOf(k.shape) === k.shape[1];
  const fits = (x: Node): boolean => context.isClosed(x) && sameShape(x.shape, node.shape);
  if (fits(a) && perChannel(b)) return [a, b];
  return fits(b) && perChannel(a) ? [b, a] : undefined;
}
