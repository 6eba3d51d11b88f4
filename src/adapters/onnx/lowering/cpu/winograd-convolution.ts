import {
  CONVOLUTION_INPUT_TRANSFORM,
  transformFilter,
  outerProduct3x3,
  OUTPUT_GRADIENT_TRANSFORM,
  transformOutput,
  transformFilterGradient,
  TRANSPOSED_INPUT_TRANSFORM,
  TRANSPOSED_TAPS,
  type Matrix2x2,
  type AdditiveOps,
  type Vector3,
} from '../../../../domain/tensor/rewrites/winograd.js';
import type { Node } from '../../../../domain/tensor/op.js';
import { sizeOf, type Shape } from '../../../../domain/tensor/tensor.js';
import type { BlockedOps } from './blocked-ops.js';
import type { GraphBuilder } from '../graph-builder.js';
import { intAttribute, intsAttribute } from '../../wire/onnx-graph.js';

/*
 * Convolutions with 4x4 kernels, a stride of 2 and a padding of 1, and their gradients, by Winograd's method (Lavin and
 * Gray 2016): 9 multiplications instead of 16, see domain/tensor/rewrites/winograd.ts. All tensors stay blocked:
 * depthwise convolutions transform the input, 1x1 convolutions multiply, and the results are interleaved.
 */

type ConvolutionNode = Node<'conv2d' | 'conv2dInputGradient' | 'conv2dWeightGradient'>;

/**
 * Whether Winograd's method pays.
 * @param multiplications of the direct convolution
 * @param written elements that the transforms write
 */
export type WinogradCriterion = (multiplications: number, written: number) => boolean;

/**
 * Measured on two cores with AVX2: the products run at 85 billion multiplications a second, direct convolutions at 92,
 * so each multiplication of a direct one saves 4.2 ps. The transforms write 2.5 billion elements a second. Starting a
 * hundred operations more takes 1.2 ms.
 */
export const defaultWinogradCriterion: WinogradCriterion = (multiplications, written) =>
  multiplications > 94 * written + 280e6;

/** Whether Winograd's method is possible for a convolution and pays. */
export function shouldUseWinograd(
  node: ConvolutionNode,
  { isBlockMultiple }: BlockedOps,
  criterion: WinogradCriterion,
): boolean {
  const { inputSize, kernel, stride, padding } = node.params;
  const isSupported =
    [kernel, stride, padding].join() === '4,4,2,2,1,1,1,1' && inputSize.every((size) => size % 4 === 0);
  if (!isSupported) return false;
  const { wide, narrow, weights } = shapesOf(node);
  const [n, from] = wide as readonly [number, number];
  const tiles = (n * inputSize[0] * inputSize[1]) / 16;
  if (!isBlockMultiple(from) || !isBlockMultiple(narrow[1]!) || !isBlockMultiple(tiles)) return false;
  const written = ELEMENTS_WRITTEN[node.op](sizeOf(wide), sizeOf(narrow), sizeOf(weights));
  return criterion(sizeOf(narrow) * from * 16, written);
}

/** Elements that the transforms write, by the sizes of x, y and w. */
const ELEMENTS_WRITTEN: Readonly<Record<ConvolutionNode['op'], (x: number, y: number, w: number) => number>> = {
  conv2d: (x, y, w) => 4.5 * x + 6.75 * y + 2.25 * w,
  conv2dInputGradient: (x, y, w) => 4.75 * x + 6.25 * y + 1.25 * w,
  conv2dWeightGradient: (x, y, w) => 4.5 * x + 6.75 * y + 6.75 * w,
};

/** Shapes of the wide tensor x, the narrow one y, and w. */
function shapesOf({
  op,
  inputs: [a, b],
  shape,
}: ConvolutionNode): Readonly<Record<'wide' | 'narrow' | 'weights', Shape>> {
  if (op === 'conv2d') return { wide: a.shape, narrow: shape, weights: b.shape };
  if (op === 'conv2dInputGradient') return { wide: shape, narrow: a.shape, weights: b.shape };
  return { wide: a.shape, narrow: b.shape, weights: shape };
}

/** conv2d from a blocked x and a plain w [to, from, 4, 4] to a blocked y. */
export function winogradConvolution(
  { inputs: [input], shape }: Node<'conv2d'>,
  x: string,
  w: string,
  ops: BlockedOps,
  builder: GraphBuilder,
): string {
  const [n, to, height, width] = shape as readonly [number, number, number, number];
  const from = input.shape[1]!;
  const arithmetic = additiveOps(builder);
  const filters = ops.reshape(ops.packFiltersByTap(w, from, to, 16), [to / ops.blockSize, 8, 2 * from * ops.blockSize]);
  // A row of the kernel is 2 * u + p. The taps of u and v for both parities p are 4 u + 2 p + v.
  const taps = matrix2x2((u, v) => ops.gatherTaps(filters, [4 * u + v, 4 * u + 2 + v]));
  const filter = transformFilter(taps, arithmetic);
  const products = outerProduct3x3(TRANSFORM_INDICES, TRANSFORM_INDICES, (row, column) =>
    ops.convolvePointwise(
      transformedInput(x, from, [row, column], ops, builder),
      ops.reshape(filter[row][column], [to, 4 * from, 1, 1]),
    ),
  );
  const [even, odd] = transformOutput(products, arithmetic);
  const rows = [even, odd].map((parts) => ops.interleave(parts, [n, to, height / 2, width / 2], 1));
  return ops.reshape(ops.interleave(rows, [n, to, height / 2, width], width), shape);
}

/** conv2dInputGradient from a blocked y and a plain w [from, to, 4, 4] to a blocked x. */
export function winogradInputGradient(
  { inputs: [input], shape }: Node<'conv2dInputGradient'>,
  y: string,
  w: string,
  ops: BlockedOps,
  builder: GraphBuilder,
): string {
  const [n, to, height, width] = shape as readonly [number, number, number, number];
  const from = input.shape[1]!;
  const arithmetic = additiveOps(builder);
  const filters = ops.packTransposedFiltersByTap(w, from, to, 16);
  const phase = (p: Parity, q: Parity): Matrix2x2<string> => {
    const taps = matrix2x2((u, v) => ops.gatherTaps(filters, [4 * TRANSPOSED_TAPS[p][u] + TRANSPOSED_TAPS[q][v]]));
    const filter = transformFilter(taps, arithmetic);
    const products = outerProduct3x3(TRANSFORM_INDICES, TRANSFORM_INDICES, (row, column) =>
      ops.convolvePointwise(
        ops.convolveDepthwise(
          y,
          from,
          [TRANSPOSED_INPUT_TRANSFORM[p][row], TRANSPOSED_INPUT_TRANSFORM[q][column]],
          [2, 2],
          [1, 1],
        ),
        ops.reshape(filter[row][column], [to, from, 1, 1]),
      ),
    );
    return transformOutput(products, arithmetic);
  };
  const phases = matrix2x2(phase);
  // Row 4 t + 2 u + p is result u of phase p, and so are columns.
  const rows = PARITIES.flatMap((u) =>
    PARITIES.map((p) => {
      const columns = PARITIES.flatMap((v) => PARITIES.map((q) => phases[p][q][u][v]));
      return ops.interleave(columns, [n, to, height / 4, width / 4], 1);
    }),
  );
  return ops.reshape(ops.interleave(rows, [n, to, height / 4, width], width), shape);
}

/** conv2dWeightGradient from a blocked x and y to a plain w. */
export function winogradWeightGradient(
  { inputs: [input, outputGradient], shape }: Node<'conv2dWeightGradient'>,
  x: string,
  y: string,
  ops: BlockedOps,
  builder: GraphBuilder,
): string {
  const { blockSize } = ops;
  const [n, from, height, width] = input.shape as readonly [number, number, number, number];
  const to = outputGradient.shape[1]!;
  const tiles = (height * width) / 16;
  const products = outerProduct3x3(TRANSFORM_INDICES, TRANSFORM_INDICES, (row, column) => {
    const data = transformedInput(x, from, [row, column], ops, builder);
    const filters = builder.add('Transpose', [ops.reshape(data, [n, (4 * from) / blockSize, tiles * blockSize])], {
      perm: intsAttribute([1, 0, 2]),
    });
    // A generator's forward pass computes the same and would keep it until now, so recompute it.
    const kernels = [OUTPUT_GRADIENT_TRANSFORM[row], OUTPUT_GRADIENT_TRANSFORM[column]] as const;
    const gradients = builder.recompute(() => ops.convolveDepthwise(y, to, kernels, [2, 2], [1, 1]));
    const channelsLast = ops.reshape(ops.toChannelsLast(gradients, to), [1, n * tiles, 1, to]);
    const filter = ops.reshape(filters, [4 * from, n * tiles, 1, 1]);
    // -> [p, q, from / block, to, block of from]
    return ops.convolvePointwise(ops.toBlocked(channelsLast, n * tiles), filter);
  });
  const [even, odd] = transformFilterGradient(products, additiveOps(builder));
  // A row of the kernel is 2 u + p, and so are columns.
  const rows = [even, odd].map((parts) => concatReshaped(parts, [2, 2 * from * to], 1, builder));
  const byTap = concatReshaped(rows, [2, 4 * from * to], 0, builder); // [16, from / block, to, block of from]
  const transposed = ops.swapMiddleAxes(byTap, 1, (16 * from) / blockSize, to); // [to, 16, from / block, block of from]
  const blocked = ops.swapMiddleAxes(transposed, to, 16, from / blockSize); // [to, from / block, 16, block of from]
  return ops.reshape(ops.toPlain(ops.reshape(blocked, [(to * from) / blockSize, blockSize, 1, 16]), blockSize), shape);
}

type Parity = 0 | 1;
const PARITIES = [0, 1] as const;
/** Which of the three transforms, for rows and for columns. */
type TransformIndexPair = readonly [0 | 1 | 2, 0 | 1 | 2];
const TRANSFORM_INDICES: Vector3<0 | 1 | 2> = [0, 1, 2];

const matrix2x2 = <T>(create: (row: Parity, column: Parity) => T): Matrix2x2<T> => [
  [create(0, 0), create(0, 1)],
  [create(1, 0), create(1, 1)],
];

/**
 * One transform of a convolution's input. The four parities of rows and columns become channels, one after the other.
 */
function transformedInput(
  x: string,
  from: number,
  [row, column]: TransformIndexPair,
  ops: BlockedOps,
  builder: GraphBuilder,
): string {
  const parts = matrix2x2((p, q) => {
    const [rows, columns] = [CONVOLUTION_INPUT_TRANSFORM[p][row], CONVOLUTION_INPUT_TRANSFORM[q][column]];
    return ops.convolveDepthwise(x, from, [rows, columns], [4, 4], [2, 2]);
  });
  return builder.add('Concat', parts.flat(), { axis: intAttribute(1) });
}

const additiveOps = (builder: GraphBuilder): AdditiveOps<string> => ({
  add: (a, b) => builder.add('Add', [a, b]),
  subtract: (a, b) => builder.add('Sub', [a, b]),
});

/** Concatenates parts along an axis after reshaping each to `shape`. */
const concatReshaped = (parts: readonly string[], shape: Shape, axis: number, builder: GraphBuilder): string =>
  builder.add(
    'Concat',
    parts.map((part) => builder.add('Reshape', [part, builder.ints(shape)])),
    { axis: intAttribute(axis) },
  );
