import type { Tensor } from '@tensorflow/tfjs-core';
import type { ConvGeometry, Pair } from '../../domain/tensor/op.js';
import { outputSize } from '../../domain/tensor/shape.js';
import type { Backend, Kernels } from './kernel.js';
import { joined, padded, reshaped, sliced, transposed } from './movement.js';

type Convolution = 'conv2d' | 'conv2dInputGradient' | 'conv2dWeightGradient';

/** Images are [n, h, w, c] and filters [kh, kw, i, o] here: see layout.ts. */
export const convolution: Kernels<Convolution> = {
  conv2d: (backend, [x, filter], { params }) => {
    const [image, pad] = prepared(backend, x, params);
    return backend.run('Conv2D', { x: image, filter }, { ...sliding(params, pad), dilations: [1, 1] });
  },
  conv2dInputGradient: (backend, [dy, filter], { shape: [n, channels], params }) => {
    const pad = paddingName(params);
    const [height, width] = pad === undefined ? paddedSize(params) : params.inputSize;
    const inputShape = [n!, height, width, channels!];
    const dx = backend.run('Conv2DBackpropInput', { dy, filter }, { ...sliding(params, pad ?? 'valid'), inputShape });
    if (pad !== undefined) return dx;
    const [top, left] = params.padding;
    return sliced(backend, dx, [0, top, left, 0], [n!, ...params.inputSize, channels!]);
  },
  conv2dWeightGradient: (backend, [x, dy], { shape: [outs, ins], params }) => {
    const filterShape = [...params.kernel, ins!, outs!];
    if (!backend.has('Conv2DBackpropFilter')) {
      return transposed(backend, filterGradientByProduct(backend, x, dy, filterShape, params), [3, 2, 0, 1]);
    }
    const [image, pad] = prepared(backend, x, params);
    const gradient = backend.run('Conv2DBackpropFilter', { x: image, dy }, { ...sliding(params, pad), filterShape });
    return transposed(backend, gradient, [3, 2, 0, 1]);
  },
};

type PaddingName = 'valid' | 'same';

const sliding = ({ stride }: ConvGeometry, pad: PaddingName): object => ({
  strides: [...stride],
  pad,
  dataFormat: 'NHWC',
  dimRoundingMode: undefined,
});

/** The image with its zeros around it, where the backends have no name for the padding. */
function prepared(backend: Backend, x: Tensor, geometry: ConvGeometry): readonly [Tensor, PaddingName] {
  const name = paddingName(geometry);
  if (name !== undefined) return [x, name];
  const [top, left, bottom, right] = geometry.padding;
  return [padded(backend, x, [0, top, left, 0], [0, bottom, right, 0]), 'valid'];
}

/** What TensorFlow calls the padding: none, or as much as makes the output ceil(input / stride), the odd one at the end. */
function paddingName({ inputSize, kernel, stride, padding }: ConvGeometry): PaddingName | undefined {
  if (padding.every((n) => n === 0)) return 'valid';
  const [top, left, bottom, right] = padding;
  const same = [0, 1].every((axis) => {
    const outputs = Math.ceil(inputSize[axis]! / stride[axis]!);
    const total = Math.max((outputs - 1) * stride[axis]! + kernel[axis]! - inputSize[axis]!, 0);
    const [before, after] = axis === 0 ? [top, bottom] : [left, right];
    return before === Math.floor(total / 2) && after === total - before;
  });
  return same ? 'same' : undefined;
}

const paddedSize = ({ inputSize: [height, width], padding: [top, left, bottom, right] }: ConvGeometry): Pair => [
  height + top + bottom,
  width + left + right,
];

/**
 * The filter's gradient as one product of matrices, for WebAssembly, which has no kernel for it (tfjs issue 8474): each place
 * (a, b) of the kernel meets every stride-th pixel of x from (a, b) on. With these as rows, [kh kw i, n v u], times
 * dy as [n v u, o].
 */
function filterGradientByProduct(
  backend: Backend,
  x: Tensor,
  dy: Tensor,
  filterShape: readonly number[],
  geometry: ConvGeometry,
): Tensor {
  const [kernelHeight, kernelWidth, ins, outs] = filterShape as [number, number, number, number];
  const [rows, columns] = outputSize(geometry);
  const [[strideRows, strideColumns], [top, left, bottom, right]] = [geometry.stride, geometry.padding];
  const batch = x.shape[0]!;
  const image = geometry.padding.some((n) => n > 0) ? padded(backend, x, [0, top, left, 0], [0, bottom, right, 0]) : x;
  const met: Tensor[] = [];
  for (let a = 0; a < kernelHeight; a++) {
    for (let b = 0; b < kernelWidth; b++) {
      const end = [batch, a + (rows - 1) * strideRows + 1, b + (columns - 1) * strideColumns + 1, ins];
      const places = { begin: [0, a, b, 0], end, strides: [1, strideRows, strideColumns, 1] };
      const masks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
      met.push(backend.run('StridedSlice', { x: image }, { ...places, ...masks }));
    }
  }
  const places = batch * rows * columns;
  const byPlace = reshaped(backend, joined(backend, met, 3), [places, kernelHeight * kernelWidth * ins]);
  const product = backend.run(
    'BatchMatMul',
    { a: transposed(backend, byPlace, [1, 0]), b: reshaped(backend, dy, [places, outs]) },
    { transposeA: false, transposeB: false },
  );
  return reshaped(backend, product, filterShape);
}
