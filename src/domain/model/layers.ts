import type { ConvGeometry, Pair } from '../tensor/op.js';
import { outputSize } from '../tensor/shape-rules.js';
import { sizeOf, type Shape } from '../tensor/tensor.js';
import { traceNetwork, type FunctionalNetwork } from './functional-network.js';

/** How a convolution of a network slides, whatever the size of its input. */
export interface KernelGeometry {
  readonly kernel: Pair;
  readonly stride: Pair;
  /** top, left, bottom, right */
  readonly padding: readonly [number, number, number, number];
}

/** One layer; shapes without the batch axis. */
export type Layer =
  | ({ readonly kind: 'convolution'; readonly channels: number } & KernelGeometry) // [i, h, w] -> [channels, h', w'], no bias
  | ({ readonly kind: 'transposedConvolution'; readonly channels: number } & KernelGeometry)
  | { readonly kind: 'batchNorm' } // over the batch and all axes but the channels
  | { readonly kind: 'bias' } // per channel; what is left of a batch norm that was folded into the layer before it
  | { readonly kind: 'leakyRelu'; readonly slope: number }
  | { readonly kind: 'sigmoid' }
  | { readonly kind: 'flatten' } // [...] -> [product]
  | { readonly kind: 'linear'; readonly features: number }; // [i] -> [features], with bias

export type LayerKind = Layer['kind'];

/** Layers that belong together, such as a convolution, its normalization and its activation. */
export type Stage = readonly Layer[];

export interface SequentialNetwork {
  /** Prefix of its parameters' names. */
  readonly name: 'generator' | 'discriminator';
  /** Without the batch axis. */
  readonly inputShape: Shape;
  readonly stages: readonly Stage[];
}

export type Network = SequentialNetwork | FunctionalNetwork;

export const isSequential = (network: Network): network is SequentialNetwork => 'stages' in network;

/** What comes out of a layer, without the batch axis. */
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

/** For a convolution of an input [channels, height, width]. */
export const convolutionGeometry = ({ kernel, stride, padding }: KernelGeometry, input: Shape): ConvGeometry => ({
  inputSize: [input[1]!, input[2]!],
  kernel,
  stride,
  padding,
});

/** A transposed convolution of `input` is the input gradient of the convolution with this geometry. */
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
