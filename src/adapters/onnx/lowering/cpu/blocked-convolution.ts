import type { ConvGeometry, Node, Pair } from '../../../../domain/tensor/op.js';
import { outputSize } from '../../../../domain/tensor/shape-rules.js';
import type { BlockedOps } from './blocked-ops.js';
import type { GraphBuilder } from '../graph-builder.js';
import { intsAttribute } from '../../wire/onnx-graph.js';
import { outputPadding } from '../weight-gradient-rule.js';

/** conv2d from a blocked x and a plain w [to, from, kh, kw] to a blocked y. */
export function blockedConvolution(node: Node<'conv2d'>, x: string, w: string, ops: BlockedOps): string {
  const [from, to] = [node.inputs[0].shape[1]!, node.shape[1]!];
  const { kernel } = node.params;
  const filters = ops.packFilters(w, from, to, kernel[0] * kernel[1]);
  return ops.convolve(x, ops.reshape(filters, [to, from, ...kernel]), node.params);
}

/**
 * conv2dInputGradient from a blocked y and a plain w [from, to, kh, kw] to a blocked x; undefined where it has no
 * phases of equal size.
 */
export function blockedInputGradient(
  node: Node<'conv2dInputGradient'>,
  y: string,
  w: string,
  ops: BlockedOps,
): string | undefined {
  const [rowPhases, columnPhases] = phasesOf(node.params);
  if (rowPhases === undefined || columnPhases === undefined) return undefined;
  const [from, to] = [node.inputs[0].shape[1]!, node.shape[1]!];
  const { kernel, stride, inputSize } = node.params;
  const [n, rows, columns] = [node.shape[0]!, inputSize[0] / stride[0], inputSize[1] / stride[1]];
  const filters = ops.packTransposedFilters(w, from, to, kernel[0] * kernel[1]);
  const rowsOfPhases = rowPhases.map((row) => {
    const phases = columnPhases.map((column) => {
      const taps = row.taps.flatMap((a) => column.taps.map((b) => a * kernel[1] + b));
      const size: Pair = [row.taps.length, column.taps.length];
      const filter = ops.reshape(ops.gatherTaps(filters, taps), [to, from, ...size]);
      const padding = [row.before, column.before, row.after, column.after] as const;
      return ops.convolve(y, filter, { kernel: size, stride: [1, 1], padding });
    });
    return ops.interleave(phases, [n, to, rows, columns], 1);
  });
  return ops.reshape(ops.interleave(rowsOfPhases, [n, to, rows, inputSize[1]], inputSize[1]), node.shape);
}

/**
 * conv2dWeightGradient for a plain x with few channels and a blocked y: a convolution of `channels` images [n, h, w]
 * with kernels as large as y, where the batch fills the blocks. A Pad runs first: the kernels have few positions, half
 * of them at the edges.
 */
export function blockedWeightGradient(
  node: Node<'conv2dWeightGradient'>,
  x: string,
  y: string,
  ops: BlockedOps,
  builder: GraphBuilder,
): string {
  const { params, inputs, shape } = node;
  const [n, channels] = inputs[0].shape as readonly [number, number];
  const [top, left, bottom, right] = params.padding;
  const swapBatchAndChannels = (name: string): string =>
    builder.add('Transpose', [name], { perm: intsAttribute([1, 0, 2, 3]) });
  const images = builder.add('Pad', [swapBatchAndChannels(x), builder.ints([0, 0, top, left, 0, 0, bottom, right])]);
  const size = outputSize(params);
  const kernels = ops.reshape(ops.packBatchAsFilters(y, n, shape[0]!, size[0] * size[1]), [shape[0]!, n, ...size]);
  const gradient = ops.toPlain(
    ops.convolve(ops.toBlocked(images, n), kernels, {
      kernel: size,
      stride: [1, 1],
      padding: [0, 0, 0, 0],
      dilation: params.stride,
    }),
    shape[0]!,
  );
  const cropped = outputPadding(params).some((rest) => rest > 0)
    ? builder.add('Slice', [gradient, builder.ints([0, 0]), builder.ints(params.kernel), builder.ints([2, 3])])
    : gradient;
  return channels === 1 ? ops.reshape(cropped, shape) : swapBatchAndChannels(cropped);
}

/** Every `stride`-th row or column of x. The input gradient computes it by a convolution of its own. */
interface Phase {
  /** Kernel positions that contribute to it, in the order in which they read y from top to bottom (left to right). */
  readonly taps: readonly number[];
  /** Padding of y. */
  readonly before: number;
  readonly after: number;
}

/**
 * The phases of rows and of columns; undefined for an axis that has none of equal size. Row j = s i + r of x gets
 * contributions from the kernel positions a with a = r + top (mod s), from row v = (j + top - a) / s of y: a
 * convolution of y with stride 1 for each r.
 */
function phasesOf({ inputSize, kernel, stride, padding }: ConvGeometry): readonly (readonly Phase[] | undefined)[] {
  return [0, 1].map((axis) => {
    const [size, taps, step] = [inputSize[axis]!, kernel[axis]!, stride[axis]!];
    const [first, last] = [padding[axis]!, padding[axis + 2]!];
    if (size % step !== 0 || taps < step) return undefined;
    const rowsOfY = Math.floor((size + first + last - taps) / step) + 1;
    const phases = Array.from({ length: step }, (_, r): Phase => {
      const nearest = (r + first) % step;
      const used = Array.from({ length: Math.ceil((taps - nearest) / step) }, (_, m) => nearest + m * step);
      const shift = Math.floor((r + first) / step); // the last row of y that contributes to row 0 of the phase
      return { taps: used.reverse(), before: used.length - 1 - shift, after: size / step + shift - rowsOfY };
    });
    return phases.every(({ before, after }) => before >= 0 && after >= 0) ? phases : undefined;
  });
}
