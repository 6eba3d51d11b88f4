import * as t from '../../../domain/tensor/node-builders.js';
import type { Pair, Node } from '../../../domain/tensor/op.js';
import { sizeOf, type Shape } from '../../../domain/tensor/tensor.js';
import { DamagedFileError } from '../../../domain/errors.js';
import type { ParsedNode } from './graph-reader.js';

/** The node that a rule imports, and access to its inputs by index. */
interface ImportContext {
  readonly node: ParsedNode;
  /** @throws DamagedFileError when the input is missing */
  value(index: number): Node;
  /**
   * An input that is a list of integers, such as axes or a shape.
   * @throws DamagedFileError when the input is no such list
   */
  list(index: number): readonly number[];
}
type ImportRule = (context: ImportContext) => Node;

const unary =
  (build: (x: Node) => Node): ImportRule =>
  ({ value }) =>
    build(value(0));
const binary =
  (build: (a: Node, b: Node) => Node): ImportRule =>
  ({ value }) =>
    build(value(0), value(1));

const relu = (x: Node): Node => t.leakyRelu(x, 0);
const maximum = (a: Node, b: Node): Node => t.add(b, relu(t.subtract(a, b)));
const minimum = (a: Node, b: Node): Node => t.subtract(a, relu(t.subtract(a, b)));

/**
 * Quantized weights times their scales along one axis, as one constant; undefined when the operands are no such
 * constants.
 */
function dequantizeWeights(weights: Node, scales: Node): Node | undefined {
  if (weights.op !== 'constant' || scales.op !== 'constant' || weights.shape.length !== scales.shape.length)
    return undefined;
  const axis = scales.shape.findIndex((length) => length > 1);
  const count = sizeOf(scales.shape);
  if (axis < 0 || scales.shape[axis] !== count || weights.shape[axis] !== count) return undefined;
  const stride = sizeOf(weights.shape.slice(axis + 1));
  const [quantized, scale] = [weights.params.value.data, scales.params.value.data];
  const data = new Float32Array(quantized.length);
  for (let i = 0; i < quantized.length; i++) data[i] = quantized[i]! * scale[Math.floor(i / stride) % count]!;
  return t.constant({ shape: weights.shape, data });
}

/** Import rules for all ONNX operations that the lowering of a generator writes, see lowering-rules.ts. */
export const importRules: ReadonlyMap<string, ImportRule> = new Map<string, ImportRule>([
  ['Identity', unary((x) => x)],
  ['Add', binary(t.add)],
  ['Sub', binary(t.subtract)],
  ['Mul', binary((a, b) => dequantizeWeights(a, b) ?? t.multiply(a, b))],
  ['Div', binary(t.divide)],
  ['Exp', unary(t.exp)],
  ['Log', unary(t.log)],
  ['Sqrt', unary(t.sqrt)],
  ['Tanh', unary(t.tanh)],
  ['Sigmoid', unary(t.sigmoid)],
  ['Neg', unary(t.negate)],
  ['Abs', unary((x) => t.add(relu(x), relu(t.negate(x))))],
  ['Min', binary(minimum)],
  ['Max', binary(maximum)],
  ['Greater', binary(t.greater)],
  ['GreaterOrEqual', binary(t.greaterOrEqual)],
  ['Equal', binary((a, b) => t.multiply(t.greaterOrEqual(a, b), t.greaterOrEqual(b, a)))],
  ['Cast', unary((x) => x)], // between floats and booleans; `select` takes any number but 0 as true
  ['Where', ({ value }) => t.select(value(0), value(1), value(2))],
  ['LeakyRelu', ({ node, value }) => t.leakyRelu(value(0), node.floats.get('alpha') ?? 0.01)],
  ['ReduceSum', ({ value, list }) => t.sum(value(0), list(1))],
  ['ReduceMax', ({ node, value }) => t.max(value(0), attribute(node, 'axes'))],
  ['Expand', ({ value, list }) => t.broadcast(value(0), list(1))],
  [
    'Reshape',
    ({ value, list }) =>
      t.reshape(
        value(0),
        list(1).map((n, axis) => (n === 0 ? value(0).shape[axis]! : n)),
      ),
  ],
  ['Transpose', ({ node, value }) => t.transpose(value(0), attribute(node, 'perm'))],
  [
    'Slice',
    ({ node, value, list }) => sliceAxes(value(0), list(1), list(2), node.inputs.length > 3 ? list(3) : undefined),
  ],
  ['Pad', ({ value, list }) => t.pad(value(0), halves(list(1))[0], halves(list(1))[1])],
  [
    'Concat',
    ({ node, value }) =>
      t.concat(
        node.inputs.map((_, i) => value(i)),
        attribute(node, 'axis')[0]!,
      ),
  ],
  ['MatMul', binary((a, b) => t.matmul(a, b))],
  [
    'Gemm',
    ({ node, value }) =>
      t.matmul(value(0), value(1), {
        transposeA: attribute(node, 'transA')[0] === 1,
        transposeB: attribute(node, 'transB')[0] === 1,
      }),
  ],
  [
    'Conv',
    ({ node, value }) => {
      const [, , height, width] = value(0).shape;
      return t.conv2d(value(0), value(1), { ...convolutionAttributes(node), inputSize: [height!, width!] });
    },
  ],
  [
    'ConvTranspose',
    ({ node, value }) => {
      const { kernel, stride, padding } = convolutionAttributes(node);
      const outputPadding = pair(node, 'output_padding');
      const outputSize = (axis: 0 | 1): number =>
        (value(0).shape[2 + axis]! - 1) * stride[axis] +
        kernel[axis] -
        padding[axis]! -
        padding[axis + 2]! +
        outputPadding[axis];
      return t.conv2dInputGradient(value(0), value(1), {
        kernel,
        stride,
        padding,
        inputSize: [outputSize(0), outputSize(1)],
      });
    },
  ],
]);

function convolutionAttributes(node: ParsedNode) {
  if (node.ints.has('dilations'))
    throw new DamagedFileError(`${node.op} "${node.output}" is dilated, which Apollo does not support`);
  const [top, left, bottom, right] = attribute(node, 'pads', 4) as [number, number, number, number];
  return {
    kernel: pair(node, 'kernel_shape'),
    stride: pair(node, 'strides'),
    padding: [top, left, bottom, right] as const,
  };
}

const pair = (node: ParsedNode, name: string): Pair => attribute(node, name, 2) as unknown as Pair;

function attribute(node: ParsedNode, name: string, length?: number): readonly number[] {
  const found = node.ints.get(name);
  if (found === undefined || (length !== undefined && found.length !== length)) {
    throw new DamagedFileError(`${node.op} "${node.output}" has no valid attribute "${name}"`);
  }
  return found;
}

const halves = (list: readonly number[]): readonly [readonly number[], readonly number[]] => [
  list.slice(0, list.length / 2),
  list.slice(list.length / 2),
];

/** Slices the given axes of x. The others keep their length. */
function sliceAxes(x: Node, starts: Shape, ends: Shape, axes: Shape = x.shape.map((_, axis) => axis)): Node {
  const forAllAxes = (given: Shape, defaults: Shape): Shape =>
    defaults.map((value, axis) => (axes.includes(axis) ? given[axes.indexOf(axis)]! : value));
  return t.slice(
    x,
    forAllAxes(
      starts,
      x.shape.map(() => 0),
    ),
    forAllAxes(ends, x.shape),
  );
}
