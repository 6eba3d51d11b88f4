import fc from 'fast-check';
import {
  constant,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
} from '../../../src/domain/tensor/node-builders.js';
import type { ConvGeometry, Pair } from '../../../src/domain/tensor/op.js';
import { outputSize } from '../../../src/domain/tensor/shape-rules.js';
import { graphCase, randomTensor, type GraphCase } from './graph-cases.js';

interface ConvSetting {
  readonly name: string;
  readonly geometry: ConvGeometry;
  /** n, i, o */
  readonly sizes: readonly [number, number, number];
}

/** Every way of sliding that has its own trap. */
const convSettings: readonly ConvSetting[] = [
  convSetting('one by one', [2, 3, 4], [3, 5], [1, 1], [1, 1], [0, 0, 0, 0]),
  convSetting('3x3, same size', [2, 3, 2], [4, 5], [3, 3], [1, 1], [1, 1, 1, 1]),
  convSetting('4x4 halves', [2, 3, 5], [4, 8], [4, 4], [2, 2], [1, 1, 1, 1]),
  convSetting('4x4 halves to one channel', [3, 4, 1], [6, 4], [4, 4], [2, 2], [1, 1, 1, 1]),
  convSetting('4x4 halves from one channel', [1, 1, 3], [2, 6], [4, 4], [2, 2], [1, 1, 1, 1]),
  convSetting('4x4 halves the smallest', [2, 2, 3], [2, 2], [4, 4], [2, 2], [1, 1, 1, 1]),
  convSetting('4x4 stride 2 leaves a remainder', [2, 2, 3], [5, 7], [4, 4], [2, 2], [1, 1, 1, 1]),
  convSetting('4x4 stride 2 without padding', [1, 2, 3], [8, 6], [4, 4], [2, 2], [0, 0, 0, 0]),
  convSetting('4x4 stride 2, padding 2', [1, 2, 2], [4, 6], [4, 4], [2, 2], [2, 2, 2, 2]),
  convSetting('stride 2 leaves a remainder', [1, 2, 3], [6, 8], [3, 3], [2, 2], [0, 0, 0, 0]),
  convSetting('stride 3 leaves two', [1, 2, 2], [7, 10], [2, 2], [3, 3], [0, 0, 0, 0]),
  convSetting('a stride that jumps over inputs', [2, 2, 2], [7, 9], [1, 2], [3, 4], [0, 0, 0, 0]),
  convSetting('not square, padded unevenly', [2, 2, 3], [5, 6], [3, 2], [1, 2], [1, 0, 2, 1]),
  convSetting('padded above only', [1, 2, 2], [3, 3], [3, 3], [1, 1], [2, 0, 0, 0]),
  convSetting('kernel larger than the input', [2, 2, 2], [2, 3], [4, 5], [1, 1], [1, 2, 2, 1]),
  convSetting('padding larger than the kernel', [1, 2, 2], [3, 2], [2, 2], [1, 1], [3, 0, 1, 2]),
  convSetting('kernel as large as the input', [3, 2, 4], [3, 4], [3, 4], [1, 1], [0, 0, 0, 0]),
  convSetting('one-dimensional', [2, 3, 2], [1, 9], [1, 4], [1, 2], [0, 1, 0, 1]),
  convSetting('one-dimensional, stride 1', [1, 2, 3], [1, 6], [1, 3], [1, 1], [0, 1, 0, 1]),
  convSetting('one-dimensional, stride 2 leaves a remainder', [2, 2, 3], [1, 10], [1, 3], [1, 2], [0, 0, 0, 0]),
  convSetting('one-dimensional, one place', [2, 3, 2], [1, 5], [1, 1], [1, 1], [0, 0, 0, 0]),
  convSetting('one-dimensional, padded beyond its end', [1, 2, 2], [1, 4], [1, 2], [1, 2], [0, 3, 0, 2]),
  convSetting('stride along the height only', [1, 2, 2], [6, 5], [2, 3], [2, 1], [0, 1, 0, 1]),
  convSetting('many channels', [1, 16, 8], [2, 4], [4, 4], [2, 2], [1, 1, 1, 1]),
];

export const forwardCases: readonly GraphCase[] = convSettings.flatMap(({ name, geometry, sizes: [n, i, o] }) => {
  const x = randomTensor([n, i, ...geometry.inputSize], 3);
  const w = randomTensor([o, i, ...geometry.kernel], 5);
  return [
    graphCase(name, [x, w], (a, b) => conv2d(a, b, geometry)),
    // Engines prepare constant weights beforehand, by other code.
    graphCase(`${name}, constant weights`, [x], (a) => conv2d(a, constant(w), geometry)),
  ];
});

export const inputGradientCases: readonly GraphCase[] = convSettings.flatMap(({ name, geometry, sizes: [n, i, o] }) => {
  const y = randomTensor([n, o, ...outputSize(geometry)], 7);
  const w = randomTensor([o, i, ...geometry.kernel], 9);
  return [
    graphCase(name, [y, w], (a, b) => conv2dInputGradient(a, b, geometry)),
    graphCase(`${name}, constant weights`, [y], (a) => conv2dInputGradient(a, constant(w), geometry)),
  ];
});

export const weightGradientCases: readonly GraphCase[] = convSettings.map(({ name, geometry, sizes: [n, i, o] }) =>
  graphCase(
    name,
    [randomTensor([n, i, ...geometry.inputSize], 11), randomTensor([n, o, ...outputSize(geometry)], 13)],
    (a, b) => conv2dWeightGradient(a, b, geometry),
  ),
);

function convSetting(
  name: string,
  sizes: readonly [number, number, number],
  inputSize: Pair,
  kernel: Pair,
  stride: Pair,
  padding: ConvGeometry['padding'],
): ConvSetting {
  return { name, sizes, geometry: { inputSize, kernel, stride, padding } };
}

/** Kernels of whole strides, with any padding that leaves something. */
export const arbitraryWholeStrideConvs: fc.Arbitrary<ConvGeometry> = fc
  .record({
    stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    times: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    places: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    padding: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)),
  })
  .map(({ stride, times, places, padding }): ConvGeometry => {
    const kernel = [stride[0] * times[0], stride[1] * times[1]] as const;
    const length = (axis: 0 | 1): number =>
      (places[axis] - 1) * stride[axis] + kernel[axis] - padding[axis] - padding[axis + 2]!;
    return { stride, kernel, padding, inputSize: [length(0), length(1)] };
  })
  .filter(({ inputSize }) => inputSize.every((length) => length > 0));
