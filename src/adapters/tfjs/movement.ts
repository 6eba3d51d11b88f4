import type { Tensor } from '@tensorflow/tfjs-core';
import { sameShape, type Shape } from '../../domain/tensor/tensor.js';
import type { Backend, Kernels } from './kernel.js';
import { permuteToLayout, axisInLayout } from './memory-layout.js';

type Movement = 'broadcast' | 'reshape' | 'transpose' | 'slice' | 'pad' | 'concat';

export const movement: Kernels<Movement> = {
  broadcast: (backend, [x], { shape }, layout) => broadcastTo(backend, x, permuteToLayout(shape, layout)),
  reshape: (backend, [x], { shape }) => reshaped(backend, x, shape),
  transpose: (backend, [x], { params: { permutation } }) => transposed(backend, x, permutation),
  slice: (backend, [x], { shape, params: { starts } }, layout) =>
    sliced(backend, x, permuteToLayout(starts, layout), permuteToLayout(shape, layout)),
  pad: (backend, [x], { params: { before, after } }, layout) =>
    padded(backend, x, permuteToLayout(before, layout), permuteToLayout(after, layout)),
  concat: (backend, parts, { params: { axis } }, layout) => concatenated(backend, parts, axisInLayout(axis, layout)),
};

export const reshaped = (backend: Backend, x: Tensor, shape: Shape): Tensor =>
  backend.run('Reshape', { x }, { shape: [...shape] });

export const transposed = (backend: Backend, x: Tensor, permutation: readonly number[]): Tensor =>
  x.shape.length < 2 ? backend.run('Identity', { x }) : backend.run('Transpose', { x }, { perm: [...permutation] });

export const sliced = (backend: Backend, x: Tensor, starts: Shape, size: Shape): Tensor =>
  sameShape(x.shape, size)
    ? backend.run('Identity', { x })
    : backend.run('Slice', { x }, { begin: [...starts], size: [...size] });

/** TensorFlow's kernel refuses a single part. */
export const concatenated = (backend: Backend, parts: readonly Tensor[], axis: number): Tensor =>
  parts.length === 1 ? backend.run('Identity', { x: parts[0]! }) : backend.run('Concat', parts, { axis });

/** Zeros around every axis. */
export const padded = (backend: Backend, x: Tensor, before: Shape, after: Shape): Tensor =>
  [...before, ...after].every((n) => n === 0)
    ? backend.run('Identity', { x })
    : backend.run('PadV2', { x }, { paddings: before.map((n, i) => [n, after[i]!]), constantValue: 0 });

/** `x` repeated along the axes in which it has length 1 until it has the shape. */
export function broadcastTo(backend: Backend, x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return backend.run('Identity', { x });
  const lengths = [...new Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
  const aligned = reshaped(backend, x, lengths);
  return backend.run('Tile', { x: aligned }, { reps: shape.map((n, i) => n / lengths[i]!) });
}
