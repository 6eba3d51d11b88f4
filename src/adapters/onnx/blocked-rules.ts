import type { ConvGeometry, Node, Pair } from '../../domain/tensor/op.js';
import type { GraphBuilder } from './graph-builder.js';
import { lowerings } from './lowering-rules.js';
import { int, ints } from './onnx-graph.js';

/** onnxruntime's own operations on tensors whose channels lie in blocks: https://arxiv.org/abs/1809.02697 tells why that is fast. */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/**
 * How convolutions are written for onnxruntime's cpu provider: on tensors whose channels lie in blocks [n, c / block, h, w, block],
 * as its optimizer has them itself where weights are constant, which in training they are not. Those without whole blocks
 * stay as they are elsewhere.
 *
 * @param block channels that lie side by side on this machine, see `channelBlock`
 */
export const blockedLowerings = (block: number): typeof lowerings => ({
  ...lowerings,
  conv2d: (node, inputs, builder) =>
    isBlocked(node.inputs[0].shape[1]!, node.shape[1]!, block)
      ? convolution(node, inputs as readonly [string, string], new Blocks(builder, block))
      : lowerings.conv2d(node, inputs, builder),
  conv2dInputGradient: (node, inputs, builder) => {
    const phases = phasesOf(node.params);
    return phases !== undefined && isBlocked(node.inputs[0].shape[1]!, node.shape[1]!, block)
      ? inputGradient(node, phases, inputs as readonly [string, string], new Blocks(builder, block))
      : lowerings.conv2dInputGradient(node, inputs, builder);
  },
});

/** Fewer channels than a block go in as they are. */
const isBlocked = (from: number, to: number, block: number): boolean =>
  (from < block || from % block === 0) && to % block === 0;

function convolution(node: Node<'conv2d'>, [x, w]: readonly [string, string], blocks: Blocks): string {
  const [from, to] = [node.inputs[0].shape[1]!, node.shape[1]!];
  const { kernel, stride, padding } = node.params;
  const filters = blocks.reshape(blocks.filters(w, from, to, kernel[0] * kernel[1]), [to, from, ...kernel]);
  return blocks.open(blocks.convolve(blocks.close(x, from), filters, { kernel, stride, padding }), to);
}

/** Every `stride`-th row or column of x, which the input gradient draws by a convolution of its own. */
interface Phase {
  /** Places of the kernel that meet it, in the order in which they meet y from top to bottom (left to right). */
  readonly taps: readonly number[];
  readonly before: number;
  readonly after: number;
}

/**
 * Row j = s i + r of x is met by the places a of the kernel with a = r + top (mod s), from row v = (j + top - a) / s of y: a
 * convolution of y with stride 1 for each r. Undefined where that does not come out even.
 */
function phasesOf({ inputSize, kernel, stride, padding }: ConvGeometry): readonly (readonly Phase[])[] | undefined {
  const axes = [0, 1].map((axis) => {
    const [size, taps, step] = [inputSize[axis]!, kernel[axis]!, stride[axis]!];
    const [first, last] = [padding[axis]!, padding[axis + 2]!];
    const rowsOfY = Math.floor((size + first + last - taps) / step) + 1;
    return size % step !== 0
      ? []
      : Array.from({ length: step }, (_, r): Phase => {
          const nearest = (r + first) % step;
          const met = Array.from({ length: Math.ceil((taps - nearest) / step) }, (_, m) => nearest + m * step);
          const shift = Math.floor((r + first) / step); // row i of this phase begins at row i + shift - (met.length - 1) of y
          return {
            taps: met.reverse(),
            before: met.length - 1 - shift,
            after: size / step + shift - rowsOfY,
          };
        });
  });
  const whole = axes.every(
    (phases) =>
      phases.length > 0 && phases.every(({ taps, before, after }) => taps.length > 0 && before >= 0 && after >= 0),
  );
  return whole ? axes : undefined;
}

function inputGradient(
  node: Node<'conv2dInputGradient'>,
  [rowPhases, columnPhases]: readonly (readonly Phase[])[],
  [y, w]: readonly [string, string],
  blocks: Blocks,
): string {
  const [from, to] = [node.inputs[0].shape[1]!, node.shape[1]!];
  const { kernel, stride, inputSize } = node.params;
  const [n, rows, columns] = [node.shape[0]!, inputSize[0] / stride[0], inputSize[1] / stride[1]];
  const closed = blocks.close(y, from);
  const filters = blocks.turnedFilters(w, from, to, kernel[0] * kernel[1]);
  const wide = rowPhases!.map((row) => {
    const phases = columnPhases!.map((column) => {
      const taps = row.taps.flatMap((a) => column.taps.map((b) => a * kernel[1] + b));
      const size: Pair = [row.taps.length, column.taps.length];
      const some = blocks.reshape(blocks.pick(filters, taps), [to, from, ...size]);
      const padding = [row.before, column.before, row.after, column.after] as const;
      return blocks.convolve(closed, some, { kernel: size, stride: [1, 1], padding });
    });
    return blocks.interleave(phases, n * to * rows, columns);
  });
  const whole = blocks.interleave(wide, n * to, rows, inputSize[1]);
  return blocks.open(blocks.reshape(whole, node.shape), to);
}

/** What is done with tensors in blocks. */
class Blocks {
  constructor(
    private readonly builder: GraphBuilder,
    private readonly block: number,
  ) {}

  /** [n, c, h, w] into blocks, where it has a whole one. */
  close = (x: string, channels: number): string =>
    channels < this.block ? x : this.builder.add('ReorderInput', [x], {}, BLOCKED_DOMAIN);

  /** The way back. */
  open = (x: string, channels: number): string =>
    this.builder.add('ReorderOutput', [x], { channels: int(channels) }, BLOCKED_DOMAIN);

  reshape = (x: string, shape: readonly number[]): string => this.builder.add('Reshape', [x, this.builder.ints(shape)]);

  convolve(x: string, filters: string, { kernel, stride, padding }: Omit<ConvGeometry, 'inputSize'>): string {
    const attributes = { kernel_shape: ints(kernel), strides: ints(stride), pads: ints(padding) };
    return this.builder.add('Conv', [x, filters], attributes, BLOCKED_DOMAIN);
  }

  /** w [to, from, taps] -> [to / block, from / block, taps, block of from, block of to], or [to / block, from, taps, block of to]. */
  filters(w: string, from: number, to: number, taps: number): string {
    const { builder, block } = this;
    const lastTo = builder.add('ReorderInput', [this.reshape(w, [1, to, from, taps])], {}, BLOCKED_DOMAIN);
    if (from < block) return lastTo;
    const split = this.reshape(lastTo, [to / block, from / block, block, taps, block]);
    return builder.add('Transpose', [split], { perm: ints([0, 1, 3, 2, 4]) });
  }

  /** w [from, to, taps] as filters from `from` to `to` channels: [blocks, taps, places] for `pick`. */
  turnedFilters(w: string, from: number, to: number, taps: number): string {
    const { builder, block } = this;
    const ofBlock = this.reshape(w, [(from * to) / block, block, 1, taps]);
    const lastTo = builder.add('ReorderInput', [ofBlock], {}, BLOCKED_DOMAIN); // [from, to / block, taps, block of to]
    if (from < block) {
      const turned = builder.add('Transpose', [this.reshape(lastTo, [from, to / block, taps * block])], {
        perm: ints([1, 0, 2]),
      });
      return this.reshape(turned, [(to / block) * from, taps, block]);
    }
    const split = this.reshape(lastTo, [from / block, block, to / block, taps, block]);
    const turned = builder.add('Transpose', [split], { perm: ints([2, 0, 3, 1, 4]) });
    return this.reshape(turned, [((to / block) * from) / block, taps, block * block]);
  }

  /** Some taps of `turnedFilters`. */
  pick = (filters: string, taps: readonly number[]): string =>
    this.builder.add('Gather', [filters, this.builder.ints(taps)], { axis: int(1) });

  /**
   * Pieces that come by turns: one of the first, one of the second, ... Each of `parts` is cut in `count` times `pieces`.
   * @param count channels, and what else lies around the pieces; divided by the block, which lies in them
   * @param width columns of a piece
   */
  interleave(parts: readonly string[], count: number, pieces: number, width = 1): string {
    if (parts.length === 1) return parts[0]!;
    const cut = parts.map((part) => this.reshape(part, [count / this.block, pieces, width * this.block]));
    return this.builder.add('Concat', cut, { axis: int(2) });
  }
}
