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

/**
 * Parts of formulas for sequences. A sequence is [batch, channels, 1, columns]: convolutions along time are those of
 * pictures one row high.
 */

export const LEAKY_RELU_SLOPE = 0.2;

/** LeakyReLU 0.2 */
export const leaky = (x: Node): Node => leakyRelu(x, LEAKY_RELU_SLOPE);

/** Channels in multiples of four: onnxruntime's webgpu provider has convolutions of 6 to 8 and of 18 to 24 channels wrong. */
export const roundToMultipleOf4 = (channels: number): number => 4 * Math.max(1, Math.round(channels / 4));

/** He et al. 2015 for LeakyReLU: the variance of a layer's output is that of its input. */
export const heDeviation = (fanIn: number): number => Math.sqrt(2 / ((1 + LEAKY_RELU_SLOPE ** 2) * fanIn));

const ZERO = { mean: 0, deviation: 0 };

export interface ConvolutionOptions {
  readonly channels: number;
  /** Odd, 1 by default. */
  readonly kernel?: number;
  /** Of the initial weights, in parts of He's deviation; 1 by default. */
  readonly gain?: number;
}

/** A convolution along time that keeps the columns, with a bias. */
export function convolve(x: Node, name: string, weights: GetWeight, options: ConvolutionOptions): Node {
  const { kernel = 1 } = options;
  const side = (kernel - 1) / 2;
  return convolutionWithBias(x, name, weights, options, { kernel, stride: 1, padding: [0, side, 0, side] });
}

/** A convolution of kernel 4 and stride 2 along time: half the columns. */
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
  const slid = conv2d(x, weight, {
    inputSize: [height, columns],
    kernel: [1, kernel],
    stride: [1, stride],
    padding,
  });
  return add(slid, reshape(bias, [1, channels, 1, 1]));
}

/** [batch, i] -> [batch, features], with a bias. */
export function dense(x: Node, name: string, weights: GetWeight, features: number, gain = 1): Node {
  const inputs = x.shape[1]!;
  const weight = weights(`${name}.weight`, [features, inputs], { mean: 0, deviation: gain * heDeviation(inputs) });
  return add(matmul(x, weight, { transposeB: true }), weights(`${name}.bias`, [features], ZERO));
}

/** [batch, channels] as a sequence of one column, which stretches over any. */
export const asColumn = (x: Node): Node => reshape(x, [x.shape[0]!, x.shape[1]!, 1, 1]);

/** Every column twice. */
export function upsample(x: Node): Node {
  const [batch, channels, , columns] = x.shape as readonly [number, number, number, number];
  const apart = reshape(x, [batch, channels, columns, 1]);
  return reshape(broadcast(apart, [batch, channels, columns, 2]), [batch, channels, 1, 2 * columns]);
}

/** Each column divided by the root mean square of its channels (Karras et al. 2018). */
export const pixelNorm = (x: Node): Node => divide(x, sqrt(add(mean(square(x), [1]), 1e-6)));

/** Softmax over an axis. */
export function softmax(x: Node, axis: number): Node {
  const powers = exp(subtract(x, stopGradient(max(x, [axis]))));
  return divide(powers, sum(powers, [axis]));
}

/** The channels from..to-1 of a sequence. */
export const sliceChannels = (x: Node, from: number, to: number): Node =>
  slice(
    x,
    x.shape.map((_, axis) => (axis === 1 ? from : 0)),
    x.shape.map((length, axis) => (axis === 1 ? to : length)),
  );

/** The next part of a row of numbers [batch, n] as [batch, ...shape], taken from `from` on. */
export function sliceAndReshape(x: Node, from: number, shape: readonly number[]): Node {
  const batch = x.shape[0]!;
  return reshape(slice(x, [0, from], [batch, from + sizeOf(shape)]), [batch, ...shape]);
}
