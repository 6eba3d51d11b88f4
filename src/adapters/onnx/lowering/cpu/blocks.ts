import type { PaddedFilter } from '../../../../domain/tensor/rewrites/winograd.js';
import type { ConvGeometry, Pair } from '../../../../domain/tensor/op.js';
import { sizeOf, type Shape } from '../../../../domain/tensor/tensor.js';
import type { GraphBuilder } from '../graph-builder.js';
import { floats, int, ints, string } from '../../wire/onnx-graph.js';

/**
 * onnxruntime's own operations on tensors whose channels lie in blocks, [n, c / block, h, w, block] where ONNX sees
 * [n, c, h, w]: https://arxiv.org/abs/1809.02697 tells why convolutions are fast so.
 */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/** How a convolution in blocks slides. */
type Sliding = Omit<ConvGeometry, 'inputSize'> & { readonly dilation?: Pair };

/** Writes what is done with tensors in blocks. Those of fewer channels than a block go in as they are. */
export class Blocks {
  /** Kernels of `slide`, by what they are made of. */
  readonly #kernels = new Map<string, string>();

  constructor(
    private readonly builder: GraphBuilder,
    /** Channels that lie side by side, see `channelBlock`. */
    readonly block: number,
  ) {}

  /** Whether these channels are whole blocks. */
  fits = (channels: number): boolean => channels % this.block === 0;

  /** [n, c, h, w] into blocks. */
  close = (x: string, channels: number): string => (channels < this.block ? x : this.#own('ReorderInput', [x]));

  /** The way back. */
  open = (x: string, channels: number): string => this.#own('ReorderOutput', [x], { channels: int(channels) });

  /** Out of blocks, with the channels last: [n, h, w, c]. */
  openChannelsLast = (x: string, channels: number): string =>
    this.#own('ReorderOutput', [x], { channels: int(channels), channels_last: int(1) });

  /** [n, places, c] -> [n, c, places], c in whole blocks, on all cores, as `swap`. */
  placesLast = (x: string, [n, places, c]: readonly [number, number, number]): string =>
    this.open(this.swap(x, n, places, c / this.block), c);

  reshape = (x: string, shape: Shape): string => this.builder.add('Reshape', [x, this.builder.ints(shape)]);

  /** @param filters as `filters` or `pick` gives them, with the shape [to, from, kh, kw] */
  convolve(x: string, filters: string, { kernel, stride, padding, dilation = [1, 1] }: Sliding): string {
    return this.#own('Conv', [x, filters], {
      dilations: ints(dilation),
      kernel_shape: ints(kernel),
      strides: ints(stride),
      pads: ints(padding),
    });
  }

  /** The same for kernels of one cell: a product of matrices, of channels by channels, at each place. */
  multiply = (x: string, filters: string): string =>
    this.convolve(x, filters, { kernel: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0] });

  /** x * scale + offset, a number each for every channel: a convolution with kernels of one cell. Offset undefined: 0. */
  scale(x: string, channels: number, scale: string, offset?: string): string {
    const kernels = this.reshape(scale, [channels, 1, 1, 1]);
    const inputs = offset === undefined ? [x, kernels] : [x, kernels, this.reshape(offset, [channels])];
    return this.#own('Conv', inputs, { kernel_shape: ints([1, 1]), group: int(channels) });
  }

  /** Each channel of x by itself, with the product of a kernel of rows and one of columns. */
  slide(
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
      dilations: ints(dilation),
      group: int(channels),
      kernel_shape: ints(size),
      strides: ints(stride),
      pads: ints([rows.before, columns.before, rows.after, columns.after]),
    });
  }

  /** The convolution (or scaling) that computes `x` with a LeakyReLU at its end; undefined when no such thing computes it. */
  endedByLeakyRelu(x: string, slope: number): string | undefined {
    const node = this.builder.nodeOf(x);
    if (node?.op !== 'Conv' || node.domain !== BLOCKED_DOMAIN || 'activation' in node.attributes!) return undefined;
    const end = { activation: string('LeakyRelu'), activation_params: floats([slope]) };
    return this.#own('Conv', node.inputs, { ...node.attributes, ...end });
  }

  /** The sum of each channel of x [n, c, h, w], [1, c, 1, 1]: first along rows, so that no sum of many has one small summand at a time. */
  sum(x: string, [n, channels, height, width]: readonly [number, number, number, number]): string {
    const { builder, block } = this;
    const rows = this.reshape(x, [(n * channels * height) / block, block, 1, width]);
    const averages = this.#own('GlobalAveragePool', [rows]);
    const byBlock = this.reshape(averages, [n, channels / block, height, block]);
    const sums = builder.add('ReduceSum', [byBlock, builder.ints([0, 2])], { keepdims: int(1) });
    return builder.add('Mul', [this.reshape(sums, [1, channels, 1, 1]), builder.float(width)]);
  }

  /** w [to, from, taps] -> [to / block, from / block, taps, block of from, block of to], or [to / block, from, taps, block of to]. */
  filters(w: string, from: number, to: number, taps: number): string {
    const lastTo = this.#own('ReorderInput', [this.reshape(w, [1, to, from, taps])]);
    return from < this.block ? lastTo : this.swap(lastTo, (to * from) / this.block ** 2, this.block, taps);
  }

  /** w [to, from, taps] -> [to / block, taps, from, block of to]. */
  filtersByTap(w: string, from: number, to: number, taps: number): string {
    const lastTo = this.#own('ReorderInput', [this.reshape(w, [1, to, from, taps])]);
    return this.swap(lastTo, to / this.block, from, taps);
  }

  /** w [from, to, taps] as filters from `from` to `to` channels by tap: [to / block, taps, from * block of to]. */
  turnedFiltersByTap(w: string, from: number, to: number, taps: number): string {
    const turned = this.swap(this.#lastTo(w, from, to, taps), 1, from, (to / this.block) * taps);
    return this.reshape(turned, [to / this.block, taps, from * this.block]);
  }

  /** w [from, to, taps] as filters from `from` to `to` channels: [blocks, taps, places] for `pick`. */
  turnedFilters(w: string, from: number, to: number, taps: number): string {
    const { builder, block } = this;
    const lastTo = this.#lastTo(w, from, to, taps);
    if (from < block) {
      const split = this.reshape(lastTo, [from, to / block, taps * block]);
      const turned = builder.add('Transpose', [split], { perm: ints([1, 0, 2]) });
      return this.reshape(turned, [(to / block) * from, taps, block]);
    }
    const split = this.reshape(lastTo, [from / block, block, to / block, taps, block]);
    const turned = builder.add('Transpose', [split], { perm: ints([2, 0, 3, 1, 4]) });
    return this.reshape(turned, [((to / block) * from) / block, taps, block * block]);
  }

  /** w [from, to, taps] -> [from, to / block, taps, block of to]. */
  #lastTo = (w: string, from: number, to: number, taps: number): string =>
    this.#own('ReorderInput', [this.reshape(w, [(from * to) / this.block, this.block, 1, taps])]);

  /**
   * x [n, a, b, block] -> [n, b, a, block]. It is what onnxruntime does to put a tensor with its channels last into blocks, and on all
   * cores, which its Transpose is not.
   */
  swap = (x: string, n: number, a: number, b: number): string =>
    this.#own('ReorderInput', [this.reshape(x, [n, a, 1, b * this.block])], { channels_last: int(1) });

  /** y [n, to, places] in blocks as filters from n channels to `to`. */
  batchAsChannels(y: string, n: number, to: number, places: number): string {
    const { builder, block } = this;
    const swapped = this.swap(y, n / block, block, (to / block) * places); // [n / block, to / block, places, block of n, block of to]
    const pieces = this.reshape(swapped, [n / block, to / block, places * block * block]);
    return n === block ? pieces : builder.add('Transpose', [pieces], { perm: ints([1, 0, 2]) });
  }

  /** Some taps of `turnedFilters`. */
  pick = (filters: string, taps: readonly number[]): string =>
    this.builder.add('Gather', [filters, this.builder.ints(taps)], { axis: int(1) });

  /**
   * Pieces that come by turns: one of the first part, one of the second, ...
   * @param shape of a part
   * @param width columns of a piece
   */
  interleave(parts: readonly string[], shape: Shape, width: number): string {
    if (parts.length === 1) return parts[0]!;
    const [n] = shape as readonly [number];
    const cut = [n, sizeOf(shape) / (n * width * this.block), width * this.block];
    return this.builder.add(
      'Concat',
      parts.map((part) => this.reshape(part, cut)),
      { axis: int(2) },
    );
  }

  /** The same kernel for each channel. */
  #sameKernels(channels: number, size: Pair, kernel: readonly number[]): string {
    const { builder, block } = this;
    const data = Float32Array.from({ length: channels * kernel.length }, (_, i) => {
      return kernel[Math.floor(i / block) % kernel.length]!;
    });
    return builder.tensor([channels, 1, ...size], data);
  }

  #own = (op: string, inputs: readonly string[], attributes: Parameters<GraphBuilder['add']>[2] = {}): string =>
    this.builder.add(op, inputs, attributes, BLOCKED_DOMAIN);
}
