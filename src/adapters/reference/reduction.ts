import { sizeOf } from '../../domain/tensor/tensor.js';
import type { Kernels } from './kernel.js';
import { broadcastIndices } from './strided-indices.js';

const { max } = Math;

type Reduction = 'sum' | 'max' | 'matmul';

export const reduction: Kernels<Reduction> = {
  sum: ([a], { inputs: [x], shape }) => {
    const out = new Float64Array(sizeOf(shape));
    const into = broadcastIndices(shape, x.shape);
    for (let i = 0; i < a.length; i++) out[into[i]!]! += a[i]!;
    return out;
  },
  max: ([a], { inputs: [x], shape }) => {
    const out = new Float64Array(sizeOf(shape)).fill(-Infinity);
    const into = broadcastIndices(shape, x.shape);
    for (let i = 0; i < a.length; i++) out[into[i]!] = max(out[into[i]!]!, a[i]!);
    return out;
  },
  // c[row, col] = sum over i of a[row, i] b[i, col], for every leading index.
  matmul: ([a, b], { inputs: [aNode], shape, params: { transposeA, transposeB } }) => {
    const [n, m] = [shape[shape.length - 2]!, shape[shape.length - 1]!];
    const k = aNode.shape[aNode.shape.length - (transposeA ? 2 : 1)]!;
    const [aRow, aStep] = transposeA ? [1, n] : [k, 1];
    const [bStep, bCol] = transposeB ? [1, k] : [m, 1];
    const out = new Float64Array(sizeOf(shape));
    for (let c = 0, aAt = 0, bAt = 0; c < out.length; aAt += n * k, bAt += k * m) {
      for (let row = 0; row < n; row++, c += m) {
        for (let i = 0; i < k; i++) {
          const left = a[aAt + row * aRow + i * aStep]!;
          for (let col = 0, right = bAt + i * bStep; col < m; col++, right += bCol) out[c + col]! += left * b[right]!;
        }
      }
    }
    return out;
  },
};
