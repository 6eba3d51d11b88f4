import type { Tensor } from '@tensorflow/tfjs-core';
import type { ConvGeometry, Pair } from '../../domain/tensor/op.js';
import type { Backend, Kernels } from './kernel.js';
import { padded, sliced, transposed } from './movement.js';
import { filterGradientByMatmul, inputGradientByPhases } from './wasm-convolution.js';

type Convolution = 'conv2d' | 'conv2dInputGradient' | 'conv2dWeightGradient';

/** Images are [n, h, w, c] and filters [kh, kw, i, o] here: see layout.ts. */
export const convolution: Kernels<Convolution> = {
  conv2d: (backend, [x, filter], { params }) => {
    const [image, pad] = withNamedPadding(backend, x, params);
    return backend.run('Conv2D', { x: image, filter }, { ...convAttributes(params, pad), dilations: [1, 1] });
  },
  conv2dInputGradient: (backend, [dy, filter], { shape: [n, channels], params }) => {
    if (backend.name === 'wasm') return inputGradientByPhases(backend, dy, filter, params);
    const pad = paddingName(params);
    const [height, width] = pad === undefined ? paddedSize(params) : params.inputSize;
    const inputShape = [n!, height, width, channels!];
    const dx = backend.run(
      'Conv2DBackpropInput',
      { dy, filter },
      { ...convAttributes(params, pad ?? 'valid'), inputShape },
    );
    if (pad !== undefined) return dx;
    const [top, left] = params.padding;
    return sliced(backend, dx, [0, top, left, 0], [n!, ...params.inputSize, channels!]);
  },
  conv2dWeightGradient: (backend, [x, dy], { shape: [outs, ins], params }) => {
    if (backend.name === 'wasm') {
      return transposed(backend, filterGradientByMatmul(backend, x, dy, params), [3, 2, 0, 1]);
    }
    const filterShape = [...params.kernel, ins!, outs!];
    const [image, pad] = withNamedPadding(backend, x, params);
    const gradient = backend.run(
      'Conv2DBackpropFilter',
      { x: image, dy },
      { ...convAttributes(params, pad), filterShape },
    );
    return transposed(backend, gradient, [3, 2, 0, 1]);
  },
};

type PaddingName = 'valid' | 'same';

const convAttributes = ({ stride }: ConvGeometry, pad: PaddingName): object => ({
  strides: [...stride],
  pad,
  dataFormat: 'NHWC',
  dimRoundingMode: undefined,
});

/** The image with its zeros around it, where the backends have no name for the padding. */
function withNamedPadding(backend: Backend, x: Tensor, geometry: ConvGeometry): readonly [Tensor, PaddingName] {
  const name = paddingName(geometry);
  if (name !== undefined) return [x, name];
  const [top, left, bottom, right] = geometry.padding;
  return [padded(backend, x, [0, top, left, 0], [0, bottom, right, 0]), 'valid'];
}

/**
 * TensorFlow's name of the padding: none, or as much as makes the output ceil(input / stride), the odd one at the end.
 */
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
