import { ShapeError } from '../errors.js';
import type { ConvGeometry, OpKind, Ops, Pair, PerInput } from './op.js';
import { sameShape, sizeOf, type Shape } from './tensor.js';

type ShapeRule<K extends OpKind> = (inputs: PerInput<K, Shape>, params: Ops[K]['params']) => Shape;

const elementwise: ShapeRule<'exp'> = ([a]) => a;

export const shapeRules: { readonly [K in OpKind]: ShapeRule<K> } = {
  input: (_inputs, { shape }) => checkAxisLengths('input', shape),
  constant: (_inputs, { value: { shape, data } }) => {
    if (data.length !== sizeOf(shape))
      throw new ShapeError('constant', [shape], `${sizeOf(shape)} values, not ${data.length}`);
    return checkAxisLengths('constant', shape);
  },
  add: (inputs) => broadcastShapes('add', inputs),
  subtract: (inputs) => broadcastShapes('subtract', inputs),
  multiply: (inputs) => broadcastShapes('multiply', inputs),
  divide: (inputs) => broadcastShapes('divide', inputs),
  exp: elementwise,
  log: elementwise,
  sqrt: elementwise,
  tanh: elementwise,
  sigmoid: elementwise,
  softplus: elementwise,
  leakyRelu: elementwise,
  leakyReluSlope: elementwise,
  greater: (inputs) => broadcastShapes('greater', inputs),
  greaterOrEqual: (inputs) => broadcastShapes('greaterOrEqual', inputs),
  select: (inputs) => broadcastShapes('select', inputs),
  sum: ([a], { axes }) => reducedShape('sum', a, axes),
  max: ([a], { axes }) => reducedShape('max', a, axes),
  broadcast: ([a], { shape }) => {
    if (!sameShape(broadcastShapes('broadcast', [a, shape]), shape))
      throw new ShapeError('broadcast', [a, shape], 'a shape that broadcasts to the second');
    return checkAxisLengths('broadcast', shape);
  },
  reshape: ([a], { shape }) => {
    if (sizeOf(a) !== sizeOf(shape))
      throw new ShapeError('reshape', [a, shape], 'two shapes with the same number of elements');
    return checkAxisLengths('reshape', shape);
  },
  transpose: ([a], { permutation }) => {
    if (
      !sameShape(
        [...permutation].sort((x, y) => x - y),
        a.map((_, i) => i),
      )
    ) {
      throw new ShapeError('transpose', [a, permutation], 'a shape and a permutation of its axes');
    }
    return permutation.map((axis) => a[axis]!);
  },
  slice: ([a], { starts, ends }) => {
    const fits = a.every((n, i) => 0 <= starts[i]! && starts[i]! < ends[i]! && ends[i]! <= n);
    if (
      !fits ||
      ![...starts, ...ends].every(Number.isInteger) ||
      starts.length !== a.length ||
      ends.length !== a.length
    ) {
      throw new ShapeError(
        'slice',
        [a, starts, ends],
        'a shape, and starts and ends with 0 <= start < end <= length for each axis',
      );
    }
    return a.map((_, i) => ends[i]! - starts[i]!);
  },
  pad: ([a], { before, after }) => {
    if (before.length !== a.length || after.length !== a.length || ![...before, ...after].every(isCount)) {
      throw new ShapeError(
        'pad',
        [a, before, after],
        'a shape, and a whole number from 0 up before and after each axis',
      );
    }
    return a.map((n, i) => before[i]! + n + after[i]!);
  },
  concat: (inputs, { axis }) => {
    const first = inputs[0];
    const fits =
      first !== undefined &&
      inputs.every((s) => s.length === first.length && s.every((n, i) => i === axis || n === first[i]));
    if (!fits || axis < 0 || axis >= first.length)
      throw new ShapeError('concat', inputs, `shapes that are equal in every axis but ${axis}`);
    return first.map((n, i) => (i === axis ? inputs.reduce((sum, s) => sum + s[axis]!, 0) : n));
  },
  matmul: ([a, b], { transposeA, transposeB }) => {
    const want = '[..., n, k] and [..., k, m] with equal leading axes';
    if (a.length < 2 || a.length !== b.length) throw new ShapeError('matmul', [a, b], want);
    const [batch, [n, k]] = [a.slice(0, -2), matrixAxes(a, transposeA)];
    const [kb, m] = matrixAxes(b, transposeB);
    if (k !== kb || !sameShape(batch, b.slice(0, -2))) throw new ShapeError('matmul', [a, b], want);
    return [...batch, n, m];
  },
  conv2d: ([x, w], g) => {
    checkGeometry('conv2d', g);
    const [n, i, o] = [x[0]!, x[1]!, w[0]!];
    const want = `x [n, i, ${g.inputSize.join(', ')}] and w [o, i, ${g.kernel.join(', ')}]`;
    if (!sameShape(x, [n, i, ...g.inputSize]) || !sameShape(w, [o, i, ...g.kernel]))
      throw new ShapeError('conv2d', [x, w], want);
    return [n, o, ...outputSize(g)];
  },
  conv2dInputGradient: ([y, w], g) => {
    checkGeometry('conv2dInputGradient', g);
    const [n, o, i] = [y[0]!, y[1]!, w[1]!];
    const want = `y [n, o, ${outputSize(g).join(', ')}] and w [o, i, ${g.kernel.join(', ')}]`;
    if (!sameShape(y, [n, o, ...outputSize(g)]) || !sameShape(w, [o, i, ...g.kernel])) {
      throw new ShapeError('conv2dInputGradient', [y, w], want);
    }
    return [n, i, ...g.inputSize];
  },
  conv2dWeightGradient: ([x, y], g) => {
    checkGeometry('conv2dWeightGradient', g);
    const [n, i, o] = [x[0]!, x[1]!, y[1]!];
    const want = `x [n, i, ${g.inputSize.join(', ')}] and y [n, o, ${outputSize(g).join(', ')}]`;
    if (!sameShape(x, [n, i, ...g.inputSize]) || !sameShape(y, [n, o, ...outputSize(g)])) {
      throw new ShapeError('conv2dWeightGradient', [x, y], want);
    }
    return [o, i, ...g.kernel];
  },
  stopGradient: elementwise,
};

/** Height and width of the convolution's output y. */
export function outputSize({ inputSize, kernel, stride, padding: [top, left, bottom, right] }: ConvGeometry): Pair {
  return [
    Math.floor((inputSize[0] + top + bottom - kernel[0]) / stride[0]) + 1,
    Math.floor((inputSize[1] + left + right - kernel[1]) / stride[1]) + 1,
  ];
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/**
 * The shape itself.
 * @throws ShapeError when an axis length is not a whole number from 1 up
 */
function checkAxisLengths(op: OpKind, shape: Shape): Shape {
  if (!shape.every((n) => isCount(n) && n > 0))
    throw new ShapeError(op, [shape], 'axis lengths that are whole numbers from 1 up');
  return shape;
}

function checkGeometry(op: OpKind, geometry: ConvGeometry): void {
  const { inputSize, kernel, stride, padding } = geometry;
  checkAxisLengths(op, [...inputSize, ...kernel, ...stride]);
  if (padding.length !== 4 || !padding.every(isCount))
    throw new ShapeError(op, [padding], 'four paddings (top, left, bottom, right), each a whole number from 0 up');
  if (outputSize(geometry).some((n) => n < 1))
    throw new ShapeError(op, [inputSize, kernel], 'a padded input at least as large as the kernel');
}

function broadcastShapes(op: OpKind, shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((s) => s[axis - rank + s.length] ?? 1).filter((n) => n !== 1);
    if (lengths.some((n) => n !== lengths[0])) throw new ShapeError(op, shapes, 'shapes that broadcast together');
    return lengths[0] ?? 1;
  });
}

function reducedShape(op: OpKind, a: Shape, axes: readonly number[]): Shape {
  if (
    axes.some((axis) => !Number.isInteger(axis) || axis < 0 || axis >= a.length) ||
    new Set(axes).size !== axes.length
  ) {
    throw new ShapeError(op, [a, axes], 'a shape and distinct axes of it');
  }
  return a.map((n, i) => (axes.includes(i) ? 1 : n));
}

function matrixAxes(shape: Shape, transposed: boolean): Pair {
  const [rows, columns] = [shape[shape.length - 2]!, shape[shape.length - 1]!];
  return transposed ? [columns, rows] : [rows, columns];
}
