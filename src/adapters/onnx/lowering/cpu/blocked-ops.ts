import type { PaddedFilter } from '../../../../domain/tensor/rewrites/winograd.js';
import type { ConvGeometry, Pair } from '../../../../domain/tensor/op.js';
import { sizeOf, type Shape } from '../../../../domain/tensor/tensor.js';
import type { GraphBuilder } from '../graph-builder.js';
import { floatsAttribute, intAttribute, intsAttribute, stringAttribute } from '../../wire/onnx-graph.js';

/**
 * Domain of onnxruntime's operations on the blocked layout NCHWc: [n, c / block, h, w, block] in memory, [n, c, h, w]
 * in the graph. Its convolutions are fast, see https://arxiv.org/abs/1809.02697.
 */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/** Geometry of a convolution on the blocked layout. */
type BlockedConvOptions = Omit<ConvGeometry, 'inputSize'> & { readonly dilation?: Pair };

/**
 * Adds operations on blocked tensors to a graph. A tensor with fewer channels than a block keeps the plain layout
 * (NCHW).
 */
export class BlockedOps {
  /** Kernels of depthwise convolutions, by their size and values. */
  readonly #depthwiseKernels = new Map<string, string>();

  constructor(
    private readonly builder: GraphBuilder,
    /** Channels of a block, see `detectBlockSize`. */
    readonly blockSize: number,
  ) {}

  /** Whether this many channels fill whole blocks. */
  isBlockMultiple = (channels: number): boolean => channels % this.blockSize === 0;

  /** From the plain layout to the blocked one. */
  toBlocked = (x: string, channels: number): string =>
    channels < this.blockSize ? x : this.#addBlockedOp('ReorderInput', [x]);

  /** From the blocked layout to the plain one. */
  toPlain = (x: string, channels: number): string =>
    this.#addBlockedOp('ReorderOutput', [x], { channels: intAttribute(channels) });

  /** From the blocked layout to channels last: [n, h, w, c]. */
  toChannelsLast = (x: string, channels: number): string =>
    this.#addBlockedOp('ReorderOutput', [x], { channels: intAttribute(channels), channels_last: intAttribute(1) });

  /**
   * x [n, positions, c] -> [n, c, positions], where c fills whole blocks. Runs on all cores, as `swapMiddleAxes` does.
   */
  toChannelsFirst = (x: string, [n, positions, c]: readonly [number, number, number]): string =>
    this.toPlain(this.swapMiddleAxes(x, n, positions, c / this.blockSize), c);

  reshape = (x: string, shape: Shape): string => this.builder.add('Reshape', [x, this.builder.ints(shape)]);

  /** @param filters packed by one of the methods below, with the shape [to, from, kh, kw] */
  convolve(x: string, filters: string, { kernel, stride, padding, dilation = [1, 1] }: BlockedConvOptions): string {
    return this.#addBlockedOp('Conv', [x, filters], {
      dilations: intsAttribute(dilation),
      kernel_shape: intsAttribute(kernel),
      strides: intsAttribute(stride),
      pads: intsAttribute(padding),
    });
  }

  /** A convolution with 1x1 kernels: a matrix product of channels at each position. */
  convolvePointwise = (x: string, filters: string): string =>
    this.convolve(x, filters, { kernel: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0] });

  /**
   * x * scale + offset with one scale and one offset (by default 0) per channel, as a depthwise convolution with 1x1
   * kernels.
   */
  scalePerChannel(x: string, channels: number, scale: string, offset?: string): string {
    const kernels = this.reshape(scale, [channels, 1, 1, 1]);
    const inputs = offset === undefined ? [x, kernels] : [x, kernels, this.reshape(offset, [channels])];
    return this.#addBlockedOp('Conv', inputs, { kernel_shape: intsAttribute([1, 1]), group: intAttribute(channels) });
  }

  /** A depthwise convolution. All channels share one separable kernel, the outer product of `rows` and `columns`. */
  convolveDepthwise(
    x: string,
    channels: number,
    [rows, columns]: readonly [PaddedFilter, PaddedFilter],
    stride: Pair,
    dilation: Pair,
  ): string {
    const kernel = rows.values.flatMap((row) => columns.values.map((column) => row * column));
    const size: Pair = [rows.values.length, columns.values.length];
    const key = [channels, ...size, ...kernel].join();
    const kernels = this.#depthwiseKernels.get(key) ?? this.#repeatKernel(channels, size, kernel);
    this.#depthwiseKernels.set(key, kernels);
    return this.#addBlockedOp('Conv', [x, kernels], {
      dilations: intsAttribute(dilation),
      group: intAttribute(channels),
      kernel_shape: intsAttribute(size),
      strides: intsAttribute(stride),
      pads: intsAttribute([rows.before, columns.before, rows.after, columns.after]),
    });
  }

  /** The blocked convolution that computes `x`, with a fused LeakyReLU; undefined when `x` is no such convolution. */
  fuseLeakyRelu(x: string, slope: number): string | undefined {
    const node = this.builder.nodeOf(x);
    if (node?.op !== 'Conv' || node.domain !== BLOCKED_DOMAIN || 'activation' in node.attributes!) return undefined;
    const activation = { activation: stringAttribute('LeakyRelu'), activation_params: floatsAttribute([slope]) };
    return this.#addBlockedOp('Conv', node.inputs, { ...node.attributes, ...activation });
  }

  /**
   * x [n, c, h, w] -> the sum of each channel [1, c, 1, 1]. It sums along rows first, which limits the rounding error.
   */
  sumPerChannel(x: string, [n, channels, height, width]: readonly [number, number, number, number]): string {
    const { builder, blockSize } = this;
    const rows = this.reshape(x, [(n * channels * height) / blockSize, blockSize, 1, width]);
    const averages = this.#addBlockedOp('GlobalAveragePool', [rows]);
    const byBlock = this.reshape(averages, [n, channels / blockSize, height, blockSize]);
    const sums = builder.add('ReduceSum', [byBlock, builder.ints([0, 2])], { keepdims: intAttribute(1) });
    return builder.add('Mul', [this.reshape(sums, [1, channels, 1, 1]), builder.float(width)]);
  }

  /**
   * w [to, from, taps] -> [to / block, from / block, taps, block of from, block of to], or with fewer input channels
   * than a block [to / block, from, taps, block of to].
   */
  packFilters(w: string, from: number, to: number, taps: number): string {
    const lastTo = this.#addBlockedOp('ReorderInput', [this.reshape(w, [1, to, from, taps])]);
    return from < this.blockSize
      ? lastTo
      : this.swapMiddleAxes(lastTo, (to * from) / this.blockSize ** 2, this.blockSize, taps);
  }

  /** w [to, from, taps] -> [to / block, taps, from, block of to]. */
  packFiltersByTap(w: string, from: number, to: number, taps: number): string {
    const lastTo = this.#addBlockedOp('ReorderInput', [this.reshape(w, [1, to, from, taps])]);
    return this.swapMiddleAxes(lastTo, to / this.blockSize, from, taps);
  }

  /**
   * Filters w [from, to, taps] of a transposed convolution, for `gatherTaps` -> [to / block, taps, from * block of to].
   */
  packTransposedFiltersByTap(w: string, from: number, to: number, taps: number): string {
    const transposed = this.swapMiddleAxes(this.#lastTo(w, from, to, taps), 1, from, (to / this.blockSize) * taps);
    return this.reshape(transposed, [to / this.blockSize, taps, from * this.blockSize]);
  }

  /**
   * Filters w [from, to, taps] of a transposed convolution, for `gatherTaps` -> [pairs of blocks, taps, weights of a
   * pair].
   */
  packTransposedFilters(w: string, from: number, to: number, taps: number): string {
    const { builder, blockSize } = this;
    const lastTo = this.#lastTo(w, from, to, taps);
    if (from < blockSize) {
      const split = this.reshape(lastTo, [from, to / blockSize, taps * blockSize]);
      const transposed = builder.add('Transpose', [split], { perm: intsAttribute([1, 0, 2]) });
      return this.reshape(transposed, [(to / blockSize) * from, taps, blockSize]);
    }
    const split = this.reshape(lastTo, [from / blockSize, blockSize, to / blockSize, taps, blockSize]);
    const transposed = builder.add('Transpose', [split], { perm: intsAttribute([2, 0, 3, 1, 4]) });
    return this.reshape(transposed, [((to / blockSize) * from) / blockSize, taps, blockSize * blockSize]);
  }

  /** w [from, to, taps] -> [from, to / block, taps, block of to]. */
  #lastTo = (w: string, from: number, to: number, taps: number): string =>
    this.#addBlockedOp('ReorderInput', [this.reshape(w, [(from * to) / this.blockSize, this.blockSize, 1, taps])]);

  /**
   * x [n, a, b, block] -> [n, b, a, block]. This equals onnxruntime's conversion from channels last to the blocked
   * layout, which runs on all cores. Its Transpose runs on one.
   */
  swapMiddleAxes = (x: string, n: number, a: number, b: number): string =>
    this.#addBlockedOp('ReorderInput', [this.reshape(x, [n, a, 1, b * this.blockSize])], {
      channels_last: intAttribute(1),
    });

  /** A blocked y [n, to, positions] as packed filters from n channels to `to`. */
  packBatchAsFilters(y: string, n: number, to: number, positions: number): string {
    const { builder, blockSize } = this;
    // [n / block, to / block, positions, block of n, block of to]
    const swapped = this.swapMiddleAxes(y, n / blockSize, blockSize, (to / blockSize) * positions);
    const filters = this.reshape(swapped, [n / blockSize, to / blockSize, positions * blockSize * blockSize]);
    return n === blockSize ? filters : builder.add('Transpose', [filters], { perm: intsAttribute([1, 0, 2]) });
  }

  /** Some taps of filters that a method `pack...ByTap` or `packTransposedFilters` made. */
  gatherTaps = (filters: string, taps: readonly number[]): string =>
    this.builder.add('Gather', [filters, this.builder.ints(taps)], { axis: intAttribute(1) });

  /**
   * Interleaves parts of equal shape: a piece of the first part, one of the second, and so on, then the next pieces.
   * @param shape shape of a part
   * @param width columns of a piece
   */
  interleave(parts: readonly string[], shape: Shape, width: number): string {
    if (parts.length === 1) return parts[0]!;
    const [n] = shape as readonly [number];
    const pieces = [n, sizeOf(shape) / (n * width * this.blockSize), width * this.blockSize];
    return this.builder.add(
      'Concat',
      parts.map((part) => this.reshape(part, pieces)),
      { axis: intAttribute(2) },
    );
  }

  /** A constant with the same kernel for each channel. */
  #repeatKernel(channels: number, size: Pair, kernel: readonly number[]): string {
    const { builder, blockSize } = this;
    const data = Float32Array.from({ length: channels * kernel.length }, (_, i) => {
      return kernel[Math.floor(i / blockSize) % kernel.length]!;
    });
    return builder.tensor([channels, 1, ...size], data);
  }

  #addBlockedOp = (
    op: string,
    inputs: readonly string[],
    attributes: Parameters<GraphBuilder['add']>[2] = {},
  ): string => this.builder.add(op, inputs, attributes, BLOCKED_DOMAIN);
}
