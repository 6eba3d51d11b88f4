import { sizeOf, type Shape } from '../../domain/tensor/tensor.js';
import type { Kernels, Values } from './kernel.js';
import { stridedIndices, broadcastIndices, stridesOf } from './strided-indices.js';

type Movement = 'broadcast' | 'reshape' | 'transpose' | 'slice' | 'pad' | 'concat';

export const movement: Kernels<Movement> = {
  broadcast: ([a], { inputs: [x], shape }) => gather(a, broadcastIndices(x.shape, shape)),
  reshape: ([a]) => a,
  transpose: ([a], { inputs: [x], shape, params: { permutation } }) => {
    const strides = stridesOf(x.shape);
    return gather(
      a,
      stridedIndices(
        shape,
        permutation.map((axis) => strides[axis]!),
      ),
    );
  },
  slice: ([a], { inputs: [x], shape, params: { starts } }) =>
    gather(a, stridedIndices(shape, stridesOf(x.shape), flatIndex(starts, x.shape))),
  pad: ([a], { inputs: [x], shape, params: { before } }) => {
    const out = new Float64Array(sizeOf(shape));
    scatter(a, stridedIndices(x.shape, stridesOf(shape), flatIndex(before, shape)), out);
    return out;
  },
  concat: (parts, { inputs, shape, params: { axis } }) => {
    const out = new Float64Array(sizeOf(shape));
    const strides = stridesOf(shape);
    let from = 0;
    parts.forEach((part, i) => {
      const partShape = inputs[i]!.shape;
      scatter(part, stridedIndices(partShape, strides, from * strides[axis]!), out);
      from += partShape[axis]!;
    });
    return out;
  },
};

/** Position of an element in a row-major array. */
function flatIndex(index: Shape, shape: Shape): number {
  const strides = stridesOf(shape);
  return index.reduce((at, i, axis) => at + i * strides[axis]!, 0);
}

function gather(values: Values, table: Int32Array): Values {
  const out = new Float64Array(table.length);
  for (let i = 0; i < table.length; i++) out[i] = values[table[i]!]!;
  return out;
}

function scatter(values: Values, table: Int32Array, out: Values): void {
  for (let i = 0; i < table.length; i++) out[table[i]!] = values[i]!;
}
