import type { ConvGeometry, Pair } from '../tensor/op.js';
import { outputSize } from '../tensor/shape-rules.js';
import { sizeOf, type Shape } from '../tensor/tensor.js';
import { traceNetwork, type FunctionalNetwork } from './functional-network.js';

/** Kernel size, stride and padding of a convolution layer, which do not depend on the size of its input. */
export interface KernelGeometry {
  readonly kernel: Pair;
  readonly stride: Pair;
  /** top, left, bottom, right */
  readonly padding: readonly [number, number, number, number];
}

/** One layer; shapes without the batch axis. */
export type Layer =
  | ({ readonly kind: 'convolution'; readonly channels: number } & KernelGeometry) // [i, h, w] -> [channels, h', w']
  | ({ readonly kind: 'transposedConvolution'; readonly channels: number } & KernelGeometry) // neither has a bias
  | { readonly kind: 'batchNorm' } // for each channel, over the batch and all other axes
  | { readonly kind: 'bias' } // for each channel; replaces a batch norm that is folded into the layer before it
  | { readonly kind: 'leakyRelu'; readonly slope: number }
  | { readonly kind: 'sigmoid' }
  | { readonly kind: 'flatten' } // [...] -> [product]
  | { readonly kind: 'linear'; readonly features: number }; // [i] -> [features], with bias

/** A block of layers, such as a convolution, its normalization and its activation. */
export type Stage = readonly Layer[];

export interface SequentialNetwork {
  /** Prefix of the parameter names. */
  readonly name: 'generator' | 'discriminator';
  /** Without the batch axis. */
  readonly inputShape: Shape;
  readonly stages: readonly Stage[];
}

export type Network = SequentialNetwork | FunctionalNetwork;

export const isSequential = (network: Network): network is SequentialNetwork => 'stages' in network;

/** The output shape of a layer, without the batch axis. */
export function layerOutputShape(layer: Layer, input: Shape): Shape {
  switch (layer.kind) {
    case 'convolution':
      return [layer.channels, ...outputSize(convolutionGeometry(layer, input))];
    case 'transposedConvolution':
      return [layer.channels, ...transposedConvolutionGeometry(layer, input).inputSize];
    case 'flatten':
      return [sizeOf(input)];
    case 'linear':
      return [layer.features];
    case 'batchNorm':
    case 'bias':
    case 'leakyRelu':
    case 'sigmoid':
      return input;
  }
}

export const networkOutputShape = (network: Network): Shape =>
  isSequential(network)
    ? network.stages.flat().reduce((shape, layer) => layerOutputShape(layer, shape), network.inputShape)
    : traceNetwork(network).outputShape;

/** The geometry of a convolution of an input [channels, height, width]. */
export const convolutionGeometry = ({ kernel, stride, padding }: KernelGeometry, input: Shape): ConvGeometry => ({
  inputSize: [input[1]!, input[2]!],
  kernel,
  stride,
  padding,
});

/** The geometry of the convolution whose input gradient is the transposed convolution of an input [channels, h, w]. */
export const transposedConvolutionGeometry = (
  { kernel, stride, padding: [top, left, bottom, right] }: KernelGeometry,
  input: Shape,
): ConvGeometry => ({
  inputSize: [
    (input[1]! - 1) * stride[0] + kernel[0] - top - bottom,
    (input[2]! - 1) * stride[1] + kernel[1] - left - right,
  ],
  kernel,
  stride,
  padding: [top, left, bottom, right],
});
