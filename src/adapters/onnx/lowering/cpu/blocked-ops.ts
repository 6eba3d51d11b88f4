import type { PaddedFilter } from '../../../../domain/tensor/rewrites/winograd.js';
import type { ConvGeometry, Pair } from '../../../../domain/tensor/op.js';
import { sizeOf, type Shape } from '../../../../domain/tensor/tensor.js';
import type { GraphBuilder } from '../graph-builder.js';
import { floatsAttribute, intAttribute, intsAttribute, stringAttribute } from '../../wire/onnx-graph.js';

/**
 * onnxruntime's own operations on tensors whose channels lie in blocks, [n, c / block, h, w, block] where ONNX sees
 * [n, c, h, w]: https://arxiv.org/abs/1809.02697 tells why convolutions are fast so.
 */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/** How a convolution in blocks slides. */
type BlockedConvOptions = Omit<ConvGeometry, 'inputSize'> & { readonly dilation?: Pair };

/** Writes what is done with tensors in blocks. Those of fewer channels than a block go in as they are. */
export class BlockedOps {
  /** Kernels of `slide`, by what they are made of. */
  readonly #kernels = new Map<string, string>();

  constructor(
    private readonly builder: GraphBuilder,
    /** Channels that lie side by side, see `detectBlockSize`. */
    readonly blockSize: number,
  ) {}

  /** Whether these channels are whole blocks. */
  isBlockMultiple = (channels: number): boolean => channels % this.blockSize === 0;

  /** [n, c, h, w] into blocks. */
  toBlocked = (x: string, channels: number): string => (channels < this.blockSize ? x : this.#own('ReorderInput', [x]));

  /** The way back. */
  toPlain = (x: string, channels: number): string =>
    this.#own('ReorderOutput', [x], { channels: intAttribute(channels) });

  /** Out of blocks, with the channels last: [n, h, w, c]. */
  toChannelsLast = (x: string, channels: number): string =>
    this.#own('ReorderOutput', [x], { channels: intAttribute(channels), channels_last: intAttribute(1) });

  /** [n, places, c] -> [n, c, places], c in whole blocks, on all cores, as `swap`. */
  toChannelsFirst = (x: string, [n, places, c]: readonly [number, number, number]): string =>
    this.toPlain(this.swapMiddleAxes(x, n, places, c / this.blockSize), c);

  reshape = (x: string, shape: Shape): string => this.builder.add('Reshape', [x, this.builder.ints(shape)]);

  /** @param packFilters as `filters` or `pick` gives them, with the shape [to, from, kh, kw] */
  convolve(x: string, packFilters: string, { kernel, stride, padding, dilation = [1, 1] }: BlockedConvOptions): string {
    return this.#own('Conv', [x, packFilters], {
      dilations: intsAttribute(dilation),
      kernel_shape: intsAttribute(kernel),
      strides: intsAttribute(stride),
      pads: intsAttribute(padding),
    });
  }

  /** The same for kernels of one cell: a product of matrices, of channels by channels, at each place. */
  convolvePointwise = (x: string, filters: string): string =>
    this.convolve(x, filters, { kernel: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0] });

  /** x * scale + offset, a number each for every channel: a convolution with kernels of one cell. Offset undefined: 0. */
  scalePerChannel(x: string, channels: number, scale: string, offset?: string): string {
    const kernels = this.reshape(scale, [channels, 1, 1, 1]);
    const inputs = offset === undefined ? [x, kernels] : [x, kernels, this.reshape(offset, [channels])];
    return this.#own('Conv', inputs, { kernel_shape: intsAttribute([1, 1]), group: intAttribute(channels) });
  }

  /** Each channel of x by itself, with the product of a kernel of rows and one of columns. */
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
    const known = this.#kernels.get(key) ?? this.#sameKernels(channels, size, kernel);
    this.#kernels.set(key, known);
    return this.#own('Conv', [x, known], {
      dilations: intsAttribute(dilation),
      group: intAttribute(channels),
      kernel_shape: intsAttribute(size),
      strides: intsAttribute(stride),
      pads: intsAttribute([rows.before, columns.before, rows.after, columns.after]),
    });
  }

  /** The convolution (or scaling) that computes `x` with a LeakyReLU at its end; undefined when no such thing computes it. */
  fuseLeakyRelu(x: string, slope: number): string | undefined {
    const node = this.builder.nodeOf(x);
    if (node?.op !== 'Conv' || node.domain !== BLOCKED_DOMAIN || 'activation' in node.attributes!) return undefined;
    const end = { activation: stringAttribute('LeakyRelu'), activation_params: floatsAttribute([slope]) };
    return this.#own('Conv', node.inputs, { ...node.attributes, ...end });
  }

  /** The sum of each channel of x [n, c, h, w], [1, c, 1, 1]: first along rows, so that no sum of many has one small summand at a time. */
  sumPerChannel(x: string, [n, channels, height, width]: readonly [number, number, number, number]): string {
    const { builder, blockSize } = this;
    const rows = this.reshape(x, [(n * channels * height) / blockSize, blockSize, 1, width]);
    const averages = this.#own('GlobalAveragePool', [rows]);
    const byBlock = this.reshape(averages, [n, channels / blockSize, height, blockSize]);
    const sums = builder.add('ReduceSum', [byBlock, builder.ints([0, 2])], { keepdims: intAttribute(1) });
    return builder.add('Mul', [this.reshape(sums, [1, channels, 1, 1]), builder.float(width)]);
  }

  /** w [to, from, taps] -> [to / block, from / block, taps, block of from, block of to], or [to / block, from, taps, block of to]. */
  filters(w: string, from: number, to: number, taps: number): string {
    const lastTo = this.#own('ReorderInput', [this.reshape(w, [1, to, from, taps])]);
    return from < this.blockSize
      ? lastTo
      : this.swapMiddleAxes(lastTo, (to * from) / this.blockSize ** 2, this.blockSize, taps);
  }

  /** w [to, from, taps] -> [to / block, taps, from, block of to]. */
  packFiltersByTap(w: string, from: number, to: number, taps: number): string {
    const lastTo = this.#own('ReorderInput', [this.reshape(w, [1, to, from, taps])]);
    return this.swapMiddleAxes(lastTo, to / this.blockSize, from, taps);
  }

  /** w [from, to, taps] as filters from `from` to `to` channels by tap: [to / block, taps, from * block of to]. */
  packTransposedFiltersByTap(w: string, from: number, to: number, taps: number): string {
    const turned = this.swapMiddleAxes(this.#lastTo(w, from, to, taps), 1, from, (to / this.blockSize) * taps);
    return this.reshape(turned, [to / this.blockSize, taps, from * this.blockSize]);
  }

  /** w [from, to, taps] as filters from `from` to `to` channels: [blocks, taps, places] for `pick`. */
  packTransposedFilters(w: string, from: number, to: number, taps: number): string {
    const { builder, blockSize } = this;
    const lastTo = this.#lastTo(w, from, to, taps);
    if (from < blockSize) {
      const split = this.reshape(lastTo, [from, to / blockSize, taps * blockSize]);
      const turned = builder.add('Transpose', [split], { perm: intsAttribute([1, 0, 2]) });
      return this.reshape(turned, [(to / blockSize) * from, taps, blockSize]);
    }
    const split = this.reshape(lastTo, [from / blockSize, blockSize, to / blockSize, taps, blockSize]);
    const turned = builder.add('Transpose', [split], { perm: intsAttribute([2, 0, 3, 1, 4]) });
    return this.reshape(turned, [((to / blockSize) * from) / blockSize, taps, blockSize * blockSize]);
  }

  /** w [from, to, taps] -> [from, to / block, taps, block of to]. */
  #lastTo = (w: string, from: number, to: number, taps: number): string =>
    this.#own('ReorderInput', [this.reshape(w, [(from * to) / this.blockSize, this.blockSize, 1, taps])]);

  /**
   * x [n, a, b, block] -> [n, b, a, block]. It is what onnxruntime does to put a tensor with its channels last into blocks, and on all
   * cores, which its Transpose is not.
   */
  swapMiddleAxes = (x: string, n: number, a: number, b: number): string =>
    this.#own('ReorderInput', [this.reshape(x, [n, a, 1, b * this.blockSize])], { channels_last: intAttribute(1) });

  /** y [n, to, places] in blocks as filters from n channels to `to`. */
  batchAsChannels(y: string, n: number, to: number, places: number): string {
    const { builder, blockSize } = this;
    const swapped = this.swapMiddleAxes(y, n / blockSize, blockSize, (to / blockSize) * places); // [n / block, to / block, places, block of n, block of to]
    const pieces = this.reshape(swapped, [n / blockSize, to / blockSize, places * blockSize * blockSize]);
    return n === blockSize ? pieces : builder.add('Transpose', [pieces], { perm: intsAttribute([1, 0, 2]) });
  }

  /** Some taps of `turnedFilters`. */
  gatherTaps = (filters: string, taps: readonly number[]): string =>
    this.builder.add('Gather', [filters, this.builder.ints(taps)], { axis: intAttribute(1) });

  /**
   * Pieces that come by turns: one of the first part, one of the second, ...
   * @param shape of a part
   * @param width columns of a piece
   */
  interleave(parts: readonly string[], shape: Shape, width: number): string {
    if (parts.length === 1) return parts[0]!;
    const [n] = shape as readonly [number];
    const cut = [n, sizeOf(shape) / (n * width * this.blockSize), width * this.blockSize];
    return this.builder.add(
      'Concat',
      parts.map((part) => this.reshape(part, cut)),
      { axis: intAttribute(2) },
    );
  }

  /** The same kernel for each channel. */
  #sameKernels(channels: number, size: Pair, kernel: readonly number[]): string {
    const { builder, blockSize } = this;
    const data = Float32Array.from({ length: channels * kernel.length }, (_, i) => {
      return kernel[Math.floor(i / blockSize) % kernel.length]!;
    });
    return builder.tensor([channels, 1, ...size], data);
  }

  #own = (op: string, inputs: readonly string[], attributes: Parameters<GraphBuilder['add']>[2] = {}): string =>
    this.builder.add(op, inputs, attributes, BLOCKED_DOMAIN);
}
