import type { Kernels } from './kernel.js';
import { axisInLayout } from './memory-layout.js';
import { transposed } from './movement.js';

type Reduction = 'sum' | 'max' | 'matmul';

export const reduction: Kernels<Reduction> = {
  sum: (backend, [x], { params: { axes } }, layout) =>
    axes.length === 0
      ? backend.run('Identity', { x })
      : backend.run('Sum', { x }, { axis: axes.map((axis) => axisInLayout(axis, layout)), keepDims: true }),
  max: (backend, [x], { params: { axes } }, layout) =>
    axes.length === 0
      ? backend.run('Identity', { x })
      : backend.run('Max', { x }, { reductionIndices: axes.map((axis) => axisInLayout(axis, layout)), keepDims: true }),
  matmul: (backend, [a, b], { params: { transposeA, transposeB } }) => {
    // WebAssembly has a fast product for two plain matrices and a slow one for all others.
    if (a.shape.length > 2 || backend.name !== 'wasm') {
      return backend.run('BatchMatMul', { a, b }, { transposeA, transposeB });
    }
    const left = transposeA ? transposed(backend, a, [1, 0]) : a;
    const right = transposeB ? transposed(backend, b, [1, 0]) : b;
    return backend.run('BatchMatMul', { a: left, b: right }, { transposeA: false, transposeB: false });
  },
};
