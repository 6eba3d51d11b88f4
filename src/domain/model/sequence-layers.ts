import {
  add,
  broadcast,
  conv2d,
  divide,
  exp,
  leakyRelu,
  matmul,
  max,
  mean,
  reshape,
  slice,
  sqrt,
  square,
  stopGradient,
  subtract,
  sum,
} from '../tensor/node-builders.js';
import type { Node } from '../tensor/op.js';
import { sizeOf } from '../tensor/tensor.js';
import type { GetWeight } from './functional-network.js';

/** Layers of sequences [batch, channels, 1, columns]. A convolution along time is a 2-D one with images of height 1. */

const LEAKY_RELU_SLOPE = 0.2;

/** LeakyReLU with slope 0.2. */
export const leaky = (x: Node): Node => leakyRelu(x, LEAKY_RELU_SLOPE);

/**
 * Rounds a number of channels to a multiple of 4. onnxruntime's webgpu provider gives wrong results for convolutions of
 * some other numbers, such as 6 -> 8 and 18 -> 24 channels.
 */
export const roundToMultipleOf4 = (channels: number): number => 4 * Math.max(1, Math.round(channels / 4));

/**
 * The initial standard deviation for LeakyReLU networks that keeps the variance from layer to layer (He et al. 2015).
 */
const heDeviation = (fanIn: number): number => Math.sqrt(2 / ((1 + LEAKY_RELU_SLOPE ** 2) * fanIn));

const ZERO = { mean: 0, deviation: 0 };

interface ConvolutionOptions {
  /** Output channels. */
  readonly channels: number;
  /** Kernel size, odd; 1 by default. */
  readonly kernel?: number;
  /** Factor of the initial weights, relative to He initialization; 1 by default. */
  readonly gain?: number;
}

/** A convolution along time with a bias; padding keeps the number of columns. */
export function convolve(x: Node, name: string, weights: GetWeight, options: ConvolutionOptions): Node {
  const { kernel = 1 } = options;
  const side = (kernel - 1) / 2;
  return convolutionWithBias(x, name, weights, options, { kernel, stride: 1, padding: [0, side, 0, side] });
}

/** A convolution along time with kernel size 4 and stride 2: half the columns. */
export const downsample = (x: Node, name: string, weights: GetWeight, channels: number): Node =>
  convolutionWithBias(x, name, weights, { channels }, { kernel: 4, stride: 2, padding: [0, 1, 0, 1] });

function convolutionWithBias(
  x: Node,
  name: string,
  weights: GetWeight,
  { channels, gain = 1 }: ConvolutionOptions,
  geometry: { kernel: number; stride: number; padding: readonly [number, number, number, number] },
): Node {
  const [, inputs, height, columns] = x.shape as readonly [number, number, number, number];
  const { kernel, stride, padding } = geometry;
  const weight = weights(`${name}.weight`, [channels, inputs, 1, kernel], {
    mean: 0,
    deviation: gain * heDeviation(inputs * kernel),
  });
  const bias = weights(`${name}.bias`, [channels], ZERO);
  const convolved = conv2d(x, weight, {
    inputSize: [height, columns],
    kernel: [1, kernel],
    stride: [1, stride],
    padding,
  });
  return add(convolved, reshape(bias, [1, channels, 1, 1]));
}

/** A fully connected layer with a bias: [batch, i] -> [batch, features]. */
export function dense(x: Node, name: string, weights: GetWeight, features: number, gain = 1): Node {
  const inputs = x.shape[1]!;
  const weight = weights(`${name}.weight`, [features, inputs], { mean: 0, deviation: gain * heDeviation(inputs) });
  return add(matmul(x, weight, { transposeB: true }), weights(`${name}.bias`, [features], ZERO));
}

/** [batch, channels] -> [batch, channels, 1, 1], which broadcasts over all columns. */
export const asColumn = (x: Node): Node => reshape(x, [x.shape[0]!, x.shape[1]!, 1, 1]);

/** Nearest-neighbor upsampling: every column twice. */
export function upsample(x: Node): Node {
  const [batch, channels, , columns] = x.shape as readonly [number, number, number, number];
  const single = reshape(x, [batch, channels, columns, 1]);
  return reshape(broadcast(single, [batch, channels, columns, 2]), [batch, channels, 1, 2 * columns]);
}

/**
 * Pixelwise feature normalization: divides each column by the root mean square of its channels (Karras et al. 2018).
 */
export const pixelNorm = (x: Node): Node => divide(x, sqrt(add(mean(square(x), [1]), 1e-6)));

export function softmax(x: Node, axis: number): Node {
  const exponentials = exp(subtract(x, stopGradient(max(x, [axis]))));
  return divide(exponentials, sum(exponentials, [axis]));
}

/** Channels `from` to `to` - 1 of a sequence. */
export const sliceChannels = (x: Node, from: number, to: number): Node =>
  slice(
    x,
    x.shape.map((_, axis) => (axis === 1 ? from : 0)),
    x.shape.map((length, axis) => (axis === 1 ? to : length)),
  );

/** Elements of a vector [batch, n] from `from` on, reshaped to [batch, ...shape]. */
export function sliceAndReshape(x: Node, from: number, shape: readonly number[]): Node {
  const batch = x.shape[0]!;
  return reshape(slice(x, [0, from], [batch, from + sizeOf(shape)]), [batch, ...shape]);
}
