import { sizeOf, type Shape } from '../../domain/tensor/tensor.js';

/** How far apart neighbours along each axis lie in a row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** For every element of `shape`, in row-major order, start + sum of index[axis] * strides[axis]. */
export function stridedIndices(shape: Shape, strides: readonly number[], start = 0): Int32Array {
  const table = new Int32Array(sizeOf(shape));
  table[0] = start;
  let filled = 1;
  // From the innermost axis outwards: one more step along an axis is the block so far, moved by its stride.
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const [length, stride] = [shape[axis]!, strides[axis]!];
    for (let i = 1, at = filled; i < length; i++) {
      for (let j = 0; j < filled; j++) table[at++] = table[j]! + i * stride;
    }
    filled *= length;
  }
  return table;
}

/** For every element of `to`, where its value lies in an array of shape `from` that is stretched to it. */
export function broadcastIndices(from: Shape, to: Shape): Int32Array {
  const strides = stridesOf(from);
  const extra = to.length - from.length;
  return stridedIndices(
    to,
    to.map((_, axis) => (axis < extra || from[axis - extra] === 1 ? 0 : strides[axis - extra]!)),
  );
}
