import type { Tensor } from '@tensorflow/tfjs-core';
import type { ConvGeometry, Pair } from '../../domain/tensor/op.js';
import { outputSize } from '../../domain/tensor/shape-rules.js';
import type { Backend } from './kernel.js';
import { concatenated, padded, reshaped, sliced, transposed } from './movement.js';

/**
 * The gradients of convolutions for WebAssembly, which has no kernel for the filter's (tfjs issue 8474) and a slow one
 * for the image's. Both become work for its fast kernels: one product of matrices, one plain convolution.
 * Images are [n, h, w, c], filters [kh, kw, i, o].
 */

/**
 * dw[a, b] = sum over n, v, u of x[n, v*stride + a, u*stride + b] dy[n, v, u]. With a = stride*q + r, the pixels that
 * meet the places of phase r lie side by side once x is laid out by phases; so a few shifted views of it, as rows
 * [q r i, n v u], times dy as [n v u, o] give all places at once.
 */
export function filterGradientByMatmul(backend: Backend, x: Tensor, dy: Tensor, geometry: ConvGeometry): Tensor {
  const { kernel, stride, padding } = geometry;
  const [rows, columns] = outputSize(geometry);
  const [tall, wide] = tapsPerPhase(geometry);
  const [high, broad] = [rows + tall - 1, columns + wide - 1];
  const [batch, ins, outs] = [x.shape[0]!, x.shape[3]!, dy.shape[3]!];
  const reached = shiftAndCrop(backend, x, [padding[0], padding[1]], [high * stride[0], broad * stride[1]]);
  const apart = reshaped(backend, reached, [batch * high, stride[0], broad, stride[1] * ins]);
  const phases = stride[0] * stride[1] * ins;
  const byPhase = reshaped(backend, transposed(backend, apart, [0, 2, 1, 3]), [batch, high, broad, phases]);
  const met: Tensor[] = [];
  for (let q = 0; q < tall; q++) {
    for (let p = 0; p < wide; p++) met.push(sliced(backend, byPhase, [0, q, p, 0], [batch, rows, columns, phases]));
  }
  const places = batch * rows * columns;
  const views = reshaped(backend, concatenated(backend, met, 3), [places, tall * wide * phases]);
  const operands = { a: transposed(backend, views, [1, 0]), b: reshaped(backend, dy, [places, outs]) };
  const product = backend.run('BatchMatMul', operands, { transposeA: false, transposeB: false });
  const split = reshaped(backend, product, [tall, wide, stride[0], stride[1] * ins * outs]);
  const whole = transposed(backend, split, [0, 2, 1, 3]);
  const filter = reshaped(backend, whole, [tall * stride[0], wide * stride[1], ins, outs]);
  return sliced(backend, filter, [0, 0, 0, 0], [...kernel, ins, outs]);
}

/**
 * dx[v*s + a] += dy[v] w[a]. With a = s*q + r the pixels p*s + r of phase r get the sum over q of dy[p - q] w[s*q + r],
 * a convolution of stride 1 with every s-th place of the kernel, turned round. All phases are channels of one
 * convolution, and are then laid side by side.
 */
export function inputGradientByPhases(backend: Backend, dy: Tensor, filter: Tensor, geometry: ConvGeometry): Tensor {
  const [kernel, stride] = [geometry.kernel, geometry.stride];
  const [batch, rows, columns] = dy.shape as [number, number, number];
  const [ins, outs] = [filter.shape[2]!, filter.shape[3]!];
  const [tall, wide] = tapsPerPhase(geometry);
  const whole = padded(
    backend,
    filter,
    [0, 0, 0, 0],
    [tall * stride[0] - kernel[0], wide * stride[1] - kernel[1], 0, 0],
  );
  const turned = reversed(backend, reversed(backend, whole, [1, tall, stride[0] * wide * stride[1] * ins * outs]), [
    tall * stride[0],
    wide,
    stride[1] * ins * outs,
  ]);
  const byPhase = transposed(
    backend,
    reshaped(backend, turned, [tall, stride[0], wide, stride[1] * ins, outs]),
    [0, 2, 4, 1, 3],
  );
  const phases = stride[0] * stride[1] * ins;
  const around = padded(backend, dy, [0, tall - 1, wide - 1, 0], [0, tall - 1, wide - 1, 0]);
  const convolved = backend.run(
    'Conv2D',
    { x: around, filter: reshaped(backend, byPhase, [tall, wide, outs, phases]) },
    { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1], dimRoundingMode: undefined },
  );
  const [high, broad] = [rows + tall - 1, columns + wide - 1];
  const sideBySide = transposed(
    backend,
    reshaped(backend, convolved, [batch * high, broad, stride[0], stride[1] * ins]),
    [0, 2, 1, 3],
  );
  const painted = reshaped(backend, sideBySide, [batch, high * stride[0], broad * stride[1], ins]);
  const [top, left] = geometry.padding;
  return shiftAndCrop(backend, painted, [-top, -left], geometry.inputSize);
}

/** How many places of the kernel belong to each phase, at most. */
const tapsPerPhase = ({ kernel, stride }: ConvGeometry): Pair => [
  Math.ceil(kernel[0] / stride[0]),
  Math.ceil(kernel[1] / stride[1]),
];

/** The image moved down and right by `shift` and cut to `size`, with zeros where there was nothing. */
function shiftAndCrop(backend: Backend, x: Tensor, shift: Pair, size: Pair): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const before = shift.map((n) => Math.max(n, 0)) as [number, number];
  const after = [size[0] - height - shift[0], size[1] - width - shift[1]].map((n) => Math.max(n, 0));
  const enough = padded(backend, x, [0, ...before, 0], [0, after[0]!, after[1]!, 0]);
  const start = [0, before[0] - shift[0], before[1] - shift[1], 0];
  return sliced(backend, enough, start, [batch, ...size, channels]);
}

/** Seen as three axes, with the middle one turned round. */
function reversed(backend: Backend, x: Tensor, shape: readonly number[]): Tensor {
  return backend.run('Reverse', { x: reshaped(backend, x, shape) }, { dims: [1] });
}
