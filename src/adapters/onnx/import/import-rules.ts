import * as t from '../../../domain/tensor/node-builders.js';
import type { Pair, Node } from '../../../domain/tensor/op.js';
import { sizeOf, type Shape } from '../../../domain/tensor/tensor.js';
import { DamagedFileError } from '../../../domain/errors.js';
import type { ReadNode } from './graph-reader.js';

/** What a rule is given: the node, and its inputs by their place. */
export interface Raised {
  readonly node: ReadNode;
  value(at: number): Node;
  list(at: number): readonly number[];
}
type Raising = (raised: Raised) => Node;

const one =
  (build: (x: Node) => Node): Raising =>
  ({ value }) =>
    build(value(0));
const two =
  (build: (a: Node, b: Node) => Node): Raising =>
  ({ value }) =>
    build(value(0), value(1));

const relu = (x: Node): Node => t.leakyRelu(x, 0);
/** a where it is larger, else b. */
const larger = (a: Node, b: Node): Node => t.add(b, relu(t.subtract(a, b)));
const smaller = (a: Node, b: Node): Node => t.subtract(a, relu(t.subtract(a, b)));

/** Weights [...] that a file keeps small, and their scales along one axis, as constants again. */
function scaledWeights(weights: Node, scales: Node): Node | undefined {
  if (weights.op !== 'constant' || scales.op !== 'constant' || weights.shape.length !== scales.shape.length)
    return undefined;
  const axis = scales.shape.findIndex((length) => length > 1);
  const count = sizeOf(scales.shape);
  if (axis < 0 || scales.shape[axis] !== count || weights.shape[axis] !== count) return undefined;
  const apart = sizeOf(weights.shape.slice(axis + 1));
  const [small, scale] = [weights.params.value.data, scales.params.value.data];
  const data = new Float32Array(small.length);
  for (let i = 0; i < small.length; i++) data[i] = small[i]! * scale[Math.floor(i / apart) % count]!;
  return t.constant({ shape: weights.shape, data });
}

/** Every ONNX operation that a generator's lowering writes, as tensor operations: see lowering-rules.ts. */
export const raisings: ReadonlyMap<string, Raising> = new Map<string, Raising>([
  ['Identity', one((x) => x)],
  ['Add', two(t.add)],
  ['Sub', two(t.subtract)],
  ['Mul', two((a, b) => scaledWeights(a, b) ?? t.multiply(a, b))],
  ['Div', two(t.divide)],
  ['Exp', one(t.exp)],
  ['Log', one(t.log)],
  ['Sqrt', one(t.sqrt)],
  ['Tanh', one(t.tanh)],
  ['Sigmoid', one(t.sigmoid)],
  ['Neg', one(t.negate)],
  ['Abs', one((x) => t.add(relu(x), relu(t.negate(x))))],
  ['Min', two(smaller)],
  ['Max', two(larger)],
  ['Greater', two(t.greater)],
  ['GreaterOrEqual', two(t.greaterOrEqual)],
  ['Equal', two((a, b) => t.multiply(t.greaterOrEqual(a, b), t.greaterOrEqual(b, a)))],
  ['Cast', one((x) => x)], // between 0 and 1 and the truth values: select takes any number but 0 for true
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
    ({ node, value, list }) => sliced(value(0), list(1), list(2), node.inputs.length > 3 ? list(3) : undefined),
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
  ['MatMul', two((a, b) => t.matmul(a, b))],
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
      return t.conv2d(value(0), value(1), { ...sliding(node), inputSize: [height!, width!] });
    },
  ],
  [
    'ConvTranspose',
    ({ node, value }) => {
      const { kernel, stride, padding } = sliding(node);
      const rest = pair(node, 'output_padding');
      // The size of what a convolution with this geometry would have made the input of.
      const size = (axis: 0 | 1): number =>
        (value(0).shape[2 + axis]! - 1) * stride[axis] +
        kernel[axis] -
        padding[axis]! -
        padding[axis + 2]! +
        rest[axis];
      return t.conv2dInputGradient(value(0), value(1), { kernel, stride, padding, inputSize: [size(0), size(1)] });
    },
  ],
]);

function sliding(node: ReadNode) {
  if (node.ints.has('dilations')) throw new DamagedFileError("a dilated convolution, which no network of Apollo's has");
  const [top, left, bottom, right] = attribute(node, 'pads', 4) as [number, number, number, number];
  return {
    kernel: pair(node, 'kernel_shape'),
    stride: pair(node, 'strides'),
    padding: [top, left, bottom, right] as const,
  };
}

const pair = (node: ReadNode, name: string): Pair => attribute(node, name, 2) as unknown as Pair;

function attribute(node: ReadNode, name: string, length?: number): readonly number[] {
  const found = node.ints.get(name);
  if (found === undefined || (length !== undefined && found.length !== length)) {
    throw new DamagedFileError(`${node.op} "${node.output}" lacks its attribute ${name}`);
  }
  return found;
}

const halves = (list: readonly number[]): readonly [readonly number[], readonly number[]] => [
  list.slice(0, list.length / 2),
  list.slice(list.length / 2),
];

/** The axes that are not named stay whole. */
function sliced(x: Node, from: Shape, to: Shape, axes: Shape = x.shape.map((_, axis) => axis)): Node {
  const bound = (given: Shape, whole: Shape): Shape =>
    whole.map((length, axis) => (axes.includes(axis) ? given[axes.indexOf(axis)]! : length));
  return t.slice(
    x,
    bound(
      from,
      x.shape.map(() => 0),
    ),
    bound(to, x.shape),
  );
}
