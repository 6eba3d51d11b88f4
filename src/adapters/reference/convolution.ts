import type { ConvGeometry } from '../../domain/tensor/op.js';
import { outputSize } from '../../domain/tensor/shape-rules.js';
import { sizeOf, type Shape } from '../../domain/tensor/tensor.js';
import type { Kernels } from './kernel.js';

const { ceil, floor, max, min } = Math;

type Convolution = 'conv2d' | 'conv2dInputGradient' | 'conv2dWeightGradient';

/** The three partial derivatives of the sum of y x w over everything that meets: see ConvGeometry. */
export const convolution: Kernels<Convolution> = {
  conv2d: ([x, w], { inputs: [, wNode], shape, params }) => {
    const y = new Float64Array(sizeOf(shape));
    const step = params.stride[1];
    forEachOverlap(shape[0]!, wNode.shape, params, (xAt, yAt, wAt, count) => {
      const weight = w[wAt]!;
      for (let k = 0; k < count; k++) y[yAt + k]! += x[xAt + k * step]! * weight;
    });
    return y;
  },
  conv2dInputGradient: ([y, w], { inputs: [, wNode], shape, params }) => {
    const x = new Float64Array(sizeOf(shape));
    const step = params.stride[1];
    forEachOverlap(shape[0]!, wNode.shape, params, (xAt, yAt, wAt, count) => {
      const weight = w[wAt]!;
      for (let k = 0; k < count; k++) x[xAt + k * step]! += y[yAt + k]! * weight;
    });
    return x;
  },
  conv2dWeightGradient: ([x, y], { inputs: [xNode], shape, params }) => {
    const w = new Float64Array(sizeOf(shape));
    const step = params.stride[1];
    forEachOverlap(xNode.shape[0]!, shape, params, (xAt, yAt, wAt, count) => {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += x[xAt + k * step]! * y[yAt + k]!;
      w[wAt]! += sum;
    });
    return w;
  },
};

/**
 * Visits every weight at every place where it meets x and y, a row of `count` neighbours at a time: position `yAt + k`
 * of y meets position `xAt + k * stride` of x. Zeros around x are left out.
 */
function forEachOverlap(
  batch: number,
  [outs, ins, kernelHeight, kernelWidth]: Shape,
  geometry: ConvGeometry,
  visit: (xAt: number, yAt: number, wAt: number, count: number) => void,
): void {
  const { inputSize, stride, padding } = geometry;
  const [height, width] = inputSize;
  const [rows, columns] = outputSize(geometry);
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outs!; o++) {
      for (let i = 0; i < ins!; i++) {
        for (let a = 0; a < kernelHeight!; a++) {
          const [firstRow, endRow] = overlapRange(a - padding[0], stride[0], height, rows);
          for (let b = 0; b < kernelWidth!; b++) {
            const shift = b - padding[1];
            const [first, end] = overlapRange(shift, stride[1], width, columns);
            const wAt = ((o * ins! + i) * kernelHeight! + a) * kernelWidth! + b;
            for (let v = firstRow; v < endRow; v++) {
              const xRow = (n * ins! + i) * height + v * stride[0] + a - padding[0];
              const yRow = (n * outs! + o) * rows + v;
              if (end > first)
                visit(xRow * width + first * stride[1] + shift, yRow * columns + first, wAt, end - first);
            }
          }
        }
      }
    }
  }
}

/** The v in 0..outputs-1 with 0 <= v * stride + shift < inputs, as first and end. */
function overlapRange(shift: number, stride: number, inputs: number, outputs: number): readonly [number, number] {
  return [max(0, ceil(-shift / stride)), min(outputs, floor((inputs - 1 - shift) / stride) + 1)];
}
