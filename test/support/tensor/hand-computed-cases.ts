import * as t from '../../../src/domain/tensor/node-builders.js';
import { graphCase, tensor, type GraphCase } from './graph-cases.js';

/** Cases worked out by hand, so that the definitions themselves are anchored. */
export const handComputedCases: readonly (readonly [GraphCase, readonly number[]])[] = [
  [graphCase('softplus(100) = 100', [tensor([1], 100)], t.softplus), [100]],
  [graphCase('softplus(0) = ln 2', [tensor([1], 0)], t.softplus), [0.6931471805599453]],
  [graphCase('softplus(-20) = e^-20', [tensor([1], -20)], t.softplus), [2.0611536203143807e-9]],
  [graphCase('sigmoid(ln 3) = 3/4', [tensor([1], 1.0986122886681098)], t.sigmoid), [0.75]],
  [graphCase('sigmoid(-20)', [tensor([1], -20)], t.sigmoid), [2.0611536181902037e-9]],
  [graphCase('tanh(1)', [tensor([1], 1)], t.tanh), [0.7615941559557649]],
  [graphCase('1 > 1 is 0', [tensor([3], 1, 2, 0)], (a) => t.greater(a, 1)), [0, 1, 0]],
  [graphCase('1 >= 1 is 1', [tensor([3], 1, 2, 0)], (a) => t.greaterOrEqual(a, 1)), [1, 1, 0]],
  [graphCase('rows added', [tensor([2, 3], 1, 2, 3, 4, 5, 6)], (a) => t.sum(a, [0])), [5, 7, 9]],
  [graphCase('columns added', [tensor([2, 3], 1, 2, 3, 4, 5, 6)], (a) => t.sum(a, [1])), [6, 15]],
  [graphCase('turned', [tensor([2, 3], 1, 2, 3, 4, 5, 6)], (a) => t.transpose(a, [1, 0])), [1, 4, 2, 5, 3, 6]],
  [
    graphCase('a product', [tensor([2, 2], 1, 2, 3, 4), tensor([2, 2], 5, 6, 7, 8)], (a, b) => t.matmul(a, b)),
    [19, 22, 43, 50],
  ],
  [
    graphCase('a product with a turned', [tensor([2, 2], 1, 2, 3, 4), tensor([2, 2], 5, 6, 7, 8)], (a, b) =>
      t.matmul(a, b, { transposeA: true }),
    ),
    [26, 30, 38, 44],
  ],
  [
    // A convolution does not turn the kernel round: 1*1 + 2*10, 2*1 + 3*10, 3*1 + 4*10
    graphCase('a row convolved', [tensor([1, 1, 1, 4], 1, 2, 3, 4), tensor([1, 1, 1, 2], 1, 10)], (x, w) =>
      t.conv2d(x, w, { inputSize: [1, 4], kernel: [1, 2], stride: [1, 1], padding: [0, 0, 0, 0] }),
    ),
    [21, 32, 43],
  ],
  [
    // Each of 1, 2, 3 paints 1, 10 to its right: 1, 10 + 2, 20 + 3, 30
    graphCase('a row painted', [tensor([1, 1, 1, 3], 1, 2, 3), tensor([1, 1, 1, 2], 1, 10)], (y, w) =>
      t.conv2dInputGradient(y, w, { inputSize: [1, 4], kernel: [1, 2], stride: [1, 1], padding: [0, 0, 0, 0] }),
    ),
    [1, 12, 23, 30],
  ],
  [
    // The last input is reached by no kernel: (6 - 3) / 2 leaves a remainder
    graphCase(
      'an input that no kernel reaches',
      [tensor([1, 1, 1, 2], 1, 2), tensor([1, 1, 1, 3], 1, 10, 100)],
      (y, w) =>
        t.conv2dInputGradient(y, w, { inputSize: [1, 6], kernel: [1, 3], stride: [1, 2], padding: [0, 0, 0, 0] }),
    ),
    [1, 10, 102, 20, 200, 0],
  ],
  [
    // y0 meets x0 and x1, y1 meets x1 and x2: 1*1 + 2*10, 2*1 + 3*10
    graphCase('a weight gradient', [tensor([1, 1, 1, 3], 1, 2, 3), tensor([1, 1, 1, 2], 1, 10)], (x, y) =>
      t.conv2dWeightGradient(x, y, { inputSize: [1, 3], kernel: [1, 2], stride: [1, 1], padding: [0, 0, 0, 0] }),
    ),
    [21, 32],
  ],
];
