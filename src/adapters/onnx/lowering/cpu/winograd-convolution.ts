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
 * Convolutions of 4x4, a stride of 2 and a padding of 1, and their gradients, by nine products where sixteen stand: see minimal-filtering.ts.
 * Everything stays in blocks: the data are slid channel by channel, the products are convolutions of 1x1, and the results are interleaved.
 */

type ConvolutionNode = Node<'conv2d' | 'conv2dInputGradient' | 'conv2dWeightGradient'>;

/** @param moved numbers that are written besides the products */
export type WinogradCriterion = (multiplications: number, moved: number) => boolean;

/**
 * Measured on two cores with AVX2: products run at 85 billion multiplications a second and convolutions as they are at 92, so each of
 * these saves 4.2 ps; numbers are moved (slid, added, put together) at 2.5 billion a second, and a hundred operations more begin in 1.2 ms.
 */
export const defaultWinogradCriterion: WinogradCriterion = (multiplications, moved) =>
  multiplications > 94 * moved + 280e6;

/** Whether a convolution can be written so and is worth it. */
export function shouldUseWinograd(
  node: ConvolutionNode,
  { isBlockMultiple }: BlockedOps,
  worth: WinogradCriterion,
): boolean {
  const { inputSize, kernel, stride, padding } = node.params;
  const isKnown = [kernel, stride, padding].join() === '4,4,2,2,1,1,1,1' && inputSize.every((size) => size % 4 === 0);
  if (!isKnown) return false;
  const { wide, narrow, weights } = shapesOf(node);
  const [n, from] = wide as readonly [number, number];
  const tiles = (n * inputSize[0] * inputSize[1]) / 16;
  if (!isBlockMultiple(from) || !isBlockMultiple(narrow[1]!) || !isBlockMultiple(tiles)) return false;
  const moved = ELEMENTS_WRITTEN[node.op](sizeOf(wide), sizeOf(narrow), sizeOf(weights));
  return worth(sizeOf(narrow) * from * 16, moved);
}

/** Numbers that are written besides the products, by those of x, y and w. */
const ELEMENTS_WRITTEN: Readonly<Record<ConvolutionNode['op'], (x: number, y: number, w: number) => number>> = {
  conv2d: (x, y, w) => 4.5 * x + 6.75 * y + 2.25 * w,
  conv2dInputGradient: (x, y, w) => 4.75 * x + 6.25 * y + 1.25 * w,
  conv2dWeightGradient: (x, y, w) => 4.5 * x + 6.75 * y + 6.75 * w,
};

/** Shapes of x, of y and of w. */
function shapesOf({
  op,
  inputs: [a, b],
  shape,
}: ConvolutionNode): Readonly<Record<'wide' | 'narrow' | 'weights', Shape>> {
  if (op === 'conv2d') return { wide: a.shape, narrow: shape, weights: b.shape };
  if (op === 'conv2dInputGradient') return { wide: shape, narrow: a.shape, weights: b.shape };
  return { wide: a.shape, narrow: b.shape, weights: shape };
}

/** conv2d: from x in blocks and w [to, from, 4, 4] as it is to y in blocks. */
export function winogradConvolution(
  { inputs: [picture], shape }: Node<'conv2d'>,
  x: string,
  w: string,
  blocks: BlockedOps,
  builder: GraphBuilder,
): string {
  const [n, to, height, width] = shape as readonly [number, number, number, number];
  const from = picture.shape[1]!;
  const sums = additiveOps(builder);
  const filters = blocks.reshape(blocks.packFiltersByTap(w, from, to, 16), [
    to / blocks.blockSize,
    8,
    2 * from * blocks.blockSize,
  ]);
  // A row of the kernel is 2 * u + p, so taps of u and v, and of both parities p, lie 4 u + 2 p + v from the first.
  const taps = matrix2x2((u, v) => blocks.gatherTaps(filters, [4 * u + v, 4 * u + 2 + v]));
  const filter = transformFilter(taps, sums);
  const products = outerProduct3x3(TRANSFORM_INDICES, TRANSFORM_INDICES, (row, column) =>
    blocks.convolvePointwise(
      transformedInput(x, from, [row, column], blocks, builder),
      blocks.reshape(filter[row][column], [to, 4 * from, 1, 1]),
    ),
  );
  const [even, odd] = transformOutput(products, sums);
  const rows = [even, odd].map((parts) => blocks.interleave(parts, [n, to, height / 2, width / 2], 1));
  return blocks.reshape(blocks.interleave(rows, [n, to, height / 2, width], width), shape);
}

/** conv2dInputGradient: from y in blocks and w [from, to, 4, 4] as it is to x in blocks. */
export function winogradInputGradient(
  { inputs: [picture], shape }: Node<'conv2dInputGradient'>,
  y: string,
  w: string,
  blocks: BlockedOps,
  builder: GraphBuilder,
): string {
  const [n, to, height, width] = shape as readonly [number, number, number, number];
  const from = picture.shape[1]!;
  const sums = additiveOps(builder);
  const filters = blocks.packTransposedFiltersByTap(w, from, to, 16);
  const phase = (p: Parity, q: Parity): Matrix2x2<string> => {
    const taps = matrix2x2((u, v) => blocks.gatherTaps(filters, [4 * TRANSPOSED_TAPS[p][u] + TRANSPOSED_TAPS[q][v]]));
    const filter = transformFilter(taps, sums);
    const products = outerProduct3x3(TRANSFORM_INDICES, TRANSFORM_INDICES, (row, column) =>
      blocks.convolvePointwise(
        blocks.convolveDepthwise(
          y,
          from,
          [TRANSPOSED_INPUT_TRANSFORM[p][row], TRANSPOSED_INPUT_TRANSFORM[q][column]],
          [2, 2],
          [1, 1],
        ),
        blocks.reshape(filter[row][column], [to, from, 1, 1]),
      ),
    );
    return transformOutput(products, sums);
  };
  const phases = matrix2x2(phase);
  // Row 4 t + 2 u + p is result u of phase p, and so are columns.
  const rows = PARITIES.flatMap((u) =>
    PARITIES.map((p) => {
      const columns = PARITIES.flatMap((v) => PARITIES.map((q) => phases[p][q][u][v]));
      return blocks.interleave(columns, [n, to, height / 4, width / 4], 1);
    }),
  );
  return blocks.reshape(blocks.interleave(rows, [n, to, height / 4, width], width), shape);
}

/** conv2dWeightGradient: from x and y in blocks to w as it is. */
export function winogradWeightGradient(
  { inputs: [picture, gradient], shape }: Node<'conv2dWeightGradient'>,
  x: string,
  y: string,
  blocks: BlockedOps,
  builder: GraphBuilder,
): string {
  const { blockSize } = blocks;
  const [n, from, height, width] = picture.shape as readonly [number, number, number, number];
  const to = gradient.shape[1]!;
  const tiles = (height * width) / 16;
  const products = outerProduct3x3(TRANSFORM_INDICES, TRANSFORM_INDICES, (row, column) => {
    const data = transformedInput(x, from, [row, column], blocks, builder);
    const filters = builder.add('Transpose', [blocks.reshape(data, [n, (4 * from) / blockSize, tiles * blockSize])], {
      perm: intsAttribute([1, 0, 2]),
    });
    // Anew: a generator slides y so in its forward pass, too, and would keep it till now.
    const kernels = [OUTPUT_GRADIENT_TRANSFORM[row], OUTPUT_GRADIENT_TRANSFORM[column]] as const;
    const gradients = builder.recompute(() => blocks.convolveDepthwise(y, to, kernels, [2, 2], [1, 1]));
    const sideBySide = blocks.reshape(blocks.toChannelsLast(gradients, to), [1, n * tiles, 1, to]);
    const filter = blocks.reshape(filters, [4 * from, n * tiles, 1, 1]);
    return blocks.convolvePointwise(blocks.toBlocked(sideBySide, n * tiles), filter); // [p, q, from / block, to, block of from]
  });
  const [even, odd] = transformFilterGradient(products, additiveOps(builder));
  // A row of the kernel is 2 u + p, and so are columns.
  const rows = [even, odd].map((parts) => concatReshaped(parts, [2, 2 * from * to], 1, builder));
  const byTap = concatReshaped(rows, [2, 4 * from * to], 0, builder); // [16, from / block, to, block of from]
  const turned = blocks.swapMiddleAxes(byTap, 1, (16 * from) / blockSize, to); // [to, 16, from / block, block of from]
  const blocked = blocks.swapMiddleAxes(turned, to, 16, from / blockSize); // [to, from / block, 16, block of from]
  return blocks.reshape(
    blocks.toPlain(blocks.reshape(blocked, [(to * from) / blockSize, blockSize, 1, 16]), blockSize),
    shape,
  );
}

type Parity = 0 | 1;
const PARITIES = [0, 1] as const;
/** Which of three, of rows and of columns. */
type TransformIndexPair = readonly [0 | 1 | 2, 0 | 1 | 2];
const TRANSFORM_INDICES: Vector3<0 | 1 | 2> = [0, 1, 2];

const matrix2x2 = <T>(make: (row: Parity, column: Parity) => T): Matrix2x2<T> => [
  [make(0, 0), make(0, 1)],
  [make(1, 0), make(1, 1)],
];

/** The data of a product of a convolution, those of the four parities of rows and columns as channels one after the other. */
function transformedInput(
  x: string,
  from: number,
  [row, column]: TransformIndexPair,
  blocks: BlockedOps,
  builder: GraphBuilder,
): string {
  const parts = matrix2x2((p, q) => {
    const [rows, columns] = [CONVOLUTION_INPUT_TRANSFORM[p][row], CONVOLUTION_INPUT_TRANSFORM[q][column]];
    return blocks.convolveDepthwise(x, from, [rows, columns], [4, 4], [2, 2]);
  });
  return builder.add('Concat', parts.flat(), { axis: intAttribute(1) });
}

const additiveOps = (builder: GraphBuilder): AdditiveOps<string> => ({
  add: (a, b) => builder.add('Add', [a, b]),
  subtract: (a, b) => builder.add('Sub', [a, b]),
});

/** Parts of this shape put together along an axis. */
const concatReshaped = (parts: readonly string[], shape: Shape, axis: number, builder: GraphBuilder): string =>
  builder.add(
    'Concat',
    parts.map((part) => builder.add('Reshape', [part, builder.ints(shape)])),
    { axis: intAttribute(axis) },
  );
