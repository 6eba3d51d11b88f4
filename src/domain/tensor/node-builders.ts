import type { ConvGeometry, Node, OpKind, Ops, PerInput } from './op.js';
import { shapeRules } from './shape-rules.js';
import { scalar, sizeOf, type Shape, type Tensor } from './tensor.js';

/** A node, or a number, which becomes a scalar constant. */
type Operand = Node | number;

export const input = (name: string, shape: Shape): Node<'input'> => node('input', [], { name, shape });
export const constant = (value: Tensor | number): Node =>
  node('constant', [], { value: typeof value === 'number' ? scalar(value) : value });

export const add = (a: Operand, b: Operand): Node => node('add', [operand(a), operand(b)], {});
export const subtract = (a: Operand, b: Operand): Node => node('subtract', [operand(a), operand(b)], {});
export const multiply = (a: Operand, b: Operand): Node => node('multiply', [operand(a), operand(b)], {});
export const divide = (a: Operand, b: Operand): Node => node('divide', [operand(a), operand(b)], {});
export const negate = (a: Node): Node => multiply(a, -1);
export const square = (a: Node): Node => multiply(a, a);

export const exp = (a: Node): Node => node('exp', [a], {});
export const log = (a: Node): Node => node('log', [a], {});
export const sqrt = (a: Node): Node => node('sqrt', [a], {});
export const tanh = (a: Node): Node => node('tanh', [a], {});
export const sigmoid = (a: Node): Node => node('sigmoid', [a], {});
export const softplus = (a: Node): Node => node('softplus', [a], {});
export const leakyRelu = (a: Node, slope: number): Node => node('leakyRelu', [a], { slope });
export const leakyReluSlope = (a: Node, slope: number): Node => node('leakyReluSlope', [a], { slope });

export const greater = (a: Operand, b: Operand): Node => node('greater', [operand(a), operand(b)], {});
export const greaterOrEqual = (a: Operand, b: Operand): Node => node('greaterOrEqual', [operand(a), operand(b)], {});
export const select = (condition: Node, yes: Operand, no: Operand): Node =>
  node('select', [condition, operand(yes), operand(no)], {});

/** Reductions keep the reduced axes with length 1, as keepdim=True does in PyTorch. By default they reduce all axes. */
export const sum = (a: Node, axes: readonly number[] = allAxes(a)): Node => node('sum', [a], { axes });
export const max = (a: Node, axes: readonly number[] = allAxes(a)): Node => node('max', [a], { axes });
export const mean = (a: Node, axes: readonly number[] = allAxes(a)): Node =>
  multiply(sum(a, axes), 1 / axes.reduce((product, axis) => product * a.shape[axis]!, 1));

export const broadcast = (a: Node, shape: Shape): Node => node('broadcast', [a], { shape });
export const reshape = (a: Node, shape: Shape): Node => node('reshape', [a], { shape });
export const transpose = (a: Node, permutation: readonly number[]): Node => node('transpose', [a], { permutation });
export const slice = (a: Node, starts: Shape, ends: Shape): Node => node('slice', [a], { starts, ends });
export const pad = (a: Node, before: Shape, after: Shape): Node => node('pad', [a], { before, after });
export const concat = (parts: readonly Node[], axis: number): Node => node('concat', parts, { axis });

/** [..., n, k] x [..., k, m] -> [..., n, m]; with transposeA a is [..., k, n], with transposeB b is [..., m, k]. */
export const matmul = (a: Node, b: Node, { transposeA = false, transposeB = false } = {}): Node =>
  node('matmul', [a, b], { transposeA, transposeB });
export const conv2d = (x: Node, w: Node, geometry: ConvGeometry): Node => node('conv2d', [x, w], geometry);
export const conv2dInputGradient = (y: Node, w: Node, geometry: ConvGeometry): Node =>
  node('conv2dInputGradient', [y, w], geometry);
export const conv2dWeightGradient = (x: Node, y: Node, geometry: ConvGeometry): Node =>
  node('conv2dWeightGradient', [x, y], geometry);

export const stopGradient = (a: Node): Node => node('stopGradient', [a], {});

/** A tensor of one element, reshaped to a scalar. */
export const asScalar = (a: Node): Node => reshape(a, []);

export const isConstant = (a: Node, value: number): boolean =>
  a.op === 'constant' && sizeOf(a.shape) === 1 && a.params.value.data[0] === value;

const operand = (a: Operand): Node => (typeof a === 'number' ? constant(a) : a);
const allAxes = (a: Node): readonly number[] => a.shape.map((_, i) => i);

/**
 * Builds a node of any operation.
 * @throws ShapeError when the shapes of the inputs or the parameters do not fit the operation
 */
export function node<K extends OpKind>(op: K, inputs: Ops[K]['inputs'], params: Ops[K]['params']): Node<K> {
  const inputShapes = inputs.map((n) => n.shape) as unknown as PerInput<K, Shape>;
  const rule = shapeRules[op] as (inputs: PerInput<K, Shape>, params: Ops[K]['params']) => Shape;
  return { op, shape: rule(inputShapes, params), inputs, params } as unknown as Node<K>;
}
