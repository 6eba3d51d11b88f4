import type { ConvGeometry, Node, Pair } from '../../../../domain/tensor/op.js';
import { outputSize } from '../../../../domain/tensor/shape-rules.js';
import type { BlockedOps } from './blocked-ops.js';
import type { GraphBuilder } from '../graph-builder.js';
import { intsAttribute } from '../../wire/onnx-graph.js';
import { outputPadding } from '../weight-gradient-rule.js';

/** conv2d: from x in blocks and w [to, from, kh, kw] as it is to y in blocks. */
export function blockedConvolution(node: Node<'conv2d'>, x: string, w: string, blocks: BlockedOps): string {
  const [from, to] = [node.inputs[0].shape[1]!, node.shape[1]!];
  const { kernel } = node.params;
  const filters = blocks.filters(w, from, to, kernel[0] * kernel[1]);
  return blocks.convolve(x, blocks.reshape(filters, [to, from, ...kernel]), node.params);
}

/** conv2dInputGradient: from y in blocks and w [from, to, kh, kw] as it is to x in blocks; undefined where the phases are uneven. */
export function blockedInputGradient(
  node: Node<'conv2dInputGradient'>,
  y: string,
  w: string,
  blocks: BlockedOps,
): string | undefined {
  const [rowPhases, columnPhases] = phasesOf(node.params);
  if (rowPhases === undefined || columnPhases === undefined) return undefined;
  const [from, to] = [node.inputs[0].shape[1]!, node.shape[1]!];
  const { kernel, stride, inputSize } = node.params;
  const [n, rows, columns] = [node.shape[0]!, inputSize[0] / stride[0], inputSize[1] / stride[1]];
  const filters = blocks.packTransposedFilters(w, from, to, kernel[0] * kernel[1]);
  const wide = rowPhases.map((row) => {
    const phases = columnPhases.map((column) => {
      const taps = row.taps.flatMap((a) => column.taps.map((b) => a * kernel[1] + b));
      const size: Pair = [row.taps.length, column.taps.length];
      const picked = blocks.reshape(blocks.gatherTaps(filters, taps), [to, from, ...size]);
      const padding = [row.before, column.before, row.after, column.after] as const;
      return blocks.convolve(y, picked, { kernel: size, stride: [1, 1], padding });
    });
    return blocks.interleave(phases, [n, to, rows, columns], 1);
  });
  return blocks.reshape(blocks.interleave(wide, [n, to, rows, inputSize[1]], inputSize[1]), node.shape);
}

/**
 * conv2dWeightGradient for few channels c of x as it is, and y in blocks: a convolution of c pictures [n, h, w] with kernels as large as
 * y, in blocks of the batch. Zeros are put around x beforehand, since half of the few places that the kernels have are at its edges.
 */
export function blockedWeightGradient(
  node: Node<'conv2dWeightGradient'>,
  x: string,
  y: string,
  blocks: BlockedOps,
  builder: GraphBuilder,
): string {
  const { params, inputs, shape } = node;
  const [n, channels] = inputs[0].shape as readonly [number, number];
  const [top, left, bottom, right] = params.padding;
  const swapped = (name: string): string => builder.add('Transpose', [name], { perm: intsAttribute([1, 0, 2, 3]) });
  const pictures = builder.add('Pad', [swapped(x), builder.ints([0, 0, top, left, 0, 0, bottom, right])]);
  const size = outputSize(params);
  const kernels = blocks.reshape(blocks.batchAsChannels(y, n, shape[0]!, size[0] * size[1]), [shape[0]!, n, ...size]);
  const places = blocks.toPlain(
    blocks.convolve(blocks.toBlocked(pictures, n), kernels, {
      kernel: size,
      stride: [1, 1],
      padding: [0, 0, 0, 0],
      dilation: params.stride,
    }),
    shape[0]!,
  );
  const fitted = outputPadding(params).some((rest) => rest > 0)
    ? builder.add('Slice', [places, builder.ints([0, 0]), builder.ints(params.kernel), builder.ints([2, 3])])
    : places;
  return channels === 1 ? blocks.reshape(fitted, shape) : swapped(fitted);
}

/** Every `stride`-th row or column of x, which the input gradient draws by a convolution of its own. */
interface Phase {
  /** Places of the kernel that meet it, in the order in which they meet y from top to bottom (left to right). */
  readonly taps: readonly number[];
  /** Zeros around y. */
  readonly before: number;
  readonly after: number;
}

/**
 * Row j = s i + r of x is met by the places a of the kernel with a = r + top (mod s), from row v = (j + top - a) / s of y: a
 * convolution of y with stride 1 for each r. For rows and columns; undefined where that does not come out even.
 */
function phasesOf({ inputSize, kernel, stride, padding }: ConvGeometry): readonly (readonly Phase[] | undefined)[] {
  return [0, 1].map((axis) => {
    const [size, places, step] = [inputSize[axis]!, kernel[axis]!, stride[axis]!];
    const [first, last] = [padding[axis]!, padding[axis + 2]!];
    if (size % step !== 0 || places < step) return undefined;
    const rowsOfY = Math.floor((size + first + last - places) / step) + 1;
    const phases = Array.from({ length: step }, (_, r): Phase => {
      const nearest = (r + first) % step;
      const met = Array.from({ length: Math.ceil((places - nearest) / step) }, (_, m) => nearest + m * step);
      const shift = Math.floor((r + first) / step); // row 0 of the phase is met last by row `shift` of y
      return { taps: met.reverse(), before: met.length - 1 - shift, after: size / step + shift - rowsOfY };
    });
    return phases.every(({ before, after }) => before >= 0 && after >= 0) ? phases : undefined;
  });
}
