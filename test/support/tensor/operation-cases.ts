import * as t from '../../../src/domain/tensor/node-builders.js';
import type { Node, OpKind } from '../../../src/domain/tensor/op.js';
import type { Shape } from '../../../src/domain/tensor/tensor.js';
import { forwardCases, inputGradientCases, weightGradientCases } from './conv-cases.js';
import { graphCase, randomTensor, tensor, randomIntegerTensor, type GraphCase } from './graph-cases.js';

/** Pairs of shapes that broadcast, in every way that one engine or another gets wrong. */
const broadcasts: readonly (readonly [Shape, Shape])[] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [[3], [2, 3]],
  [
    [2, 1],
    [1, 3],
  ],
  [[], [2, 2]],
  [[2, 2], []],
  [[], []],
  [[1], []],
  [
    [4, 1, 3],
    [2, 1],
  ],
  [
    [2, 3, 2, 2],
    [1, 3, 1, 1],
  ],
  [
    [2, 3, 2, 2],
    [2, 1, 1, 1],
  ],
];

const pairwise = (build: (a: Node, b: Node) => Node, make = randomTensor): readonly GraphCase[] => [
  ...broadcasts.map(([a, b]) => graphCase(`[${a.join()}] and [${b.join()}]`, [make(a, 1), make(b, 2)], build)),
  graphCase('a node with itself', [make([2, 3], 4)], (a) => build(a, a)),
  graphCase('a constant on the right', [make([2, 3], 6)], (a) => build(a, t.constant(1))),
  graphCase('a constant on the left', [make([2, 3], 6)], (a) => build(t.constant(1), a)),
];

/** On ordinary numbers, then on the ones given. */
const pointwise = (
  build: (a: Node) => Node,
  low: number,
  high: number,
  ...special: readonly number[]
): readonly GraphCase[] => [
  graphCase('a scalar', [randomTensor([], 1, low, high)], build),
  graphCase('ordinary numbers', [randomTensor([3, 7], 2, low, high)], build),
  ...special.map((x) => graphCase(`of ${x}`, [tensor([2, 2], x, x, x, x)], build)),
];

/** With several slopes, on both sides of 0 and close to it. */
const bothSides = (build: (a: Node, slope: number) => Node): readonly GraphCase[] =>
  [0.2, 0, 0.01, 1].flatMap((slope) =>
    pointwise((a) => build(a, slope), -3, 3, 0, 1e-6, -1e-6).map((c) => ({ ...c, name: `slope ${slope}, ${c.name}` })),
  );

const reductions = (
  build: (a: Node, axes?: readonly number[]) => Node,
  make: typeof randomTensor,
): readonly GraphCase[] => [
  graphCase('all axes', [make([2, 3, 2], 1)], (a) => build(a)),
  graphCase('no axes', [make([2, 3], 2)], (a) => build(a, [])),
  graphCase('of a scalar', [make([], 3)], (a) => build(a)),
  graphCase('the first axis', [make([3, 2, 2], 4)], (a) => build(a, [0])),
  graphCase('the last axis', [make([2, 5], 5)], (a) => build(a, [1])),
  graphCase('the middle axis', [make([2, 4, 3], 6)], (a) => build(a, [1])),
  graphCase('outer axes', [make([2, 3, 2, 4], 7)], (a) => build(a, [0, 2, 3])),
  graphCase('axes in another order', [make([2, 3, 4], 8)], (a) => build(a, [2, 0])),
  graphCase('an axis of length 1', [make([3, 1, 2], 9)], (a) => build(a, [1])),
  graphCase('a long axis', [make([2, 300], 10)], (a) => build(a, [1])),
  graphCase('negative numbers only', [make([2, 4], 11, -9, -3)], (a) => build(a, [1])),
];

const products = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB) =>
    ([[], [2], [2, 3]] as const).flatMap((lead) =>
      (
        [
          [3, 4, 2],
          [1, 5, 3],
          [4, 1, 2],
          [3, 2, 1],
        ] as const
      ).map(([n, k, m]) =>
        graphCase(
          `[${[...lead, n, k].join()}] x [${[...lead, k, m].join()}]` +
            `${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}`,
          [
            randomTensor([...lead, ...(transposeA ? [k, n] : [n, k])], 1),
            randomTensor([...lead, ...(transposeB ? [m, k] : [k, m])], 2),
          ],
          (a, b) => t.matmul(a, b, { transposeA, transposeB }),
        ),
      ),
    ),
  ),
);

/** Cases of every operation: a missing one is a compile error. */
export const operationCases: { readonly [K in OpKind]: readonly GraphCase[] } = {
  input: [graphCase('given back', [randomTensor([2, 3])], (a) => a), graphCase('a scalar', [tensor([], 7)], (a) => a)],
  constant: [
    graphCase('a scalar', [], () => t.constant(3)),
    graphCase('a matrix', [], () => t.constant(randomTensor([2, 3], 2))),
    graphCase('a sum of constants', [], () => t.add(t.constant(2), t.constant(randomTensor([2, 2], 3)))),
  ],

  add: pairwise(t.add),
  subtract: pairwise(t.subtract),
  multiply: pairwise(t.multiply),
  divide: pairwise(t.divide, (shape, seed) => randomTensor(shape, seed, -3, -0.5)),
  exp: pointwise(t.exp, -5, 5, 0, 80, -80),
  log: pointwise(t.log, 0.1, 9, 1, 1e-30, 1e30),
  sqrt: pointwise(t.sqrt, 0.1, 9, 0, 1, 1e-20, 1e20),
  tanh: pointwise(t.tanh, -3, 3, 0, 1e-4, 50, -50),
  sigmoid: pointwise(t.sigmoid, -6, 6, 0, 20, -20, 100, -100),
  softplus: pointwise(t.softplus, -6, 6, 0, 20, -20, 100, -80, 1000, -1000),
  leakyRelu: bothSides(t.leakyRelu),
  leakyReluSlope: bothSides(t.leakyReluSlope),
  greater: [
    ...pairwise(t.greater, randomIntegerTensor),
    graphCase('in a product', [randomIntegerTensor([3, 4], 5), randomTensor([3, 4], 6)], (a, b) =>
      t.multiply(t.greater(a, 0), b),
    ),
  ],
  greaterOrEqual: [
    ...pairwise(t.greaterOrEqual, randomIntegerTensor),
    graphCase('in a sum', [randomIntegerTensor([3, 4], 5), randomTensor([3, 4], 6)], (a, b) =>
      t.add(t.greaterOrEqual(a, 0), b),
    ),
  ],
  select: [
    graphCase(
      'full shapes',
      [randomIntegerTensor([2, 5], 1), randomTensor([2, 5], 2), randomTensor([2, 5], 3)],
      t.select,
    ),
    graphCase(
      'a row and a scalar',
      [randomIntegerTensor([4, 3], 1, 0, 1), randomTensor([3], 2), randomTensor([], 3)],
      t.select,
    ),
    graphCase(
      'a condition that stretches',
      [randomIntegerTensor([3, 1], 5, 0, 1), randomTensor([3, 4], 2), randomTensor([4], 3)],
      t.select,
    ),
    graphCase('numbers', [randomIntegerTensor([2, 6], 4, 0, 1)], (a) => t.select(a, 2, -3)),
    graphCase('a comparison', [randomTensor([2, 6], 4), randomTensor([6], 5)], (a, b) =>
      t.select(t.greater(a, b), a, b),
    ),
    graphCase('never the side that is not taken', [tensor([3], 1, 0, 2), tensor([3], 5, 0, 7)], (a, b) =>
      t.select(a, t.divide(1, b), 9),
    ),
  ],

  sum: reductions(t.sum, randomTensor),
  max: [
    ...reductions(t.max, randomTensor),
    ...reductions(t.max, randomIntegerTensor).map((c) => ({ ...c, name: `${c.name}, with ties` })),
  ],

  broadcast: (
    [
      [[], [2, 3]],
      [[3], [2, 3]],
      [
        [2, 1],
        [2, 3],
      ],
      [
        [1, 1, 2],
        [4, 3, 2],
      ],
      [
        [2, 3],
        [2, 3],
      ],
      [
        [1, 3, 1, 1],
        [2, 3, 2, 4],
      ],
      [[1], [1, 1, 1]],
    ] as const
  ).map(([from, to]) =>
    graphCase(`[${from.join()}] to [${to.join()}]`, [randomTensor(from)], (a) => t.broadcast(a, to)),
  ),
  reshape: (
    [
      [
        [2, 3, 4],
        [6, 4],
      ],
      [[2, 3, 4], [24]],
      [[24], [2, 3, 4]],
      [
        [2, 6],
        [1, 12, 1],
      ],
      [[], [1, 1]],
      [[1], []],
      [
        [3, 2],
        [3, 2],
      ],
    ] as const
  ).map(([from, to]) => graphCase(`[${from.join()}] to [${to.join()}]`, [randomTensor(from)], (a) => t.reshape(a, to))),
  transpose: (
    [[], [0], [1, 0], [0, 2, 1], [2, 0, 1], [1, 2, 0], [1, 0, 2, 3], [0, 2, 3, 1], [3, 1, 0, 2]] as const
  ).map((order) =>
    graphCase(`order ${order.join()}`, [randomTensor([2, 3, 4, 5].slice(0, order.length))], (a) =>
      t.transpose(a, order),
    ),
  ),
  slice: [
    graphCase('all of it', [randomTensor([2, 3])], (a) => t.slice(a, [0, 0], [2, 3])),
    graphCase('one element', [randomTensor([3, 4])], (a) => t.slice(a, [1, 2], [2, 3])),
    graphCase('a row', [randomTensor([3, 4])], (a) => t.slice(a, [2, 0], [3, 4])),
    graphCase('a column', [randomTensor([3, 4])], (a) => t.slice(a, [0, 3], [3, 4])),
    graphCase('inside of four axes', [randomTensor([2, 3, 4, 5])], (a) => t.slice(a, [1, 0, 1, 2], [2, 2, 3, 5])),
  ],
  pad: [
    graphCase('nothing', [randomTensor([2, 3])], (a) => t.pad(a, [0, 0], [0, 0])),
    graphCase('before', [randomTensor([2, 3])], (a) => t.pad(a, [1, 2], [0, 0])),
    graphCase('after', [randomTensor([2, 3])], (a) => t.pad(a, [0, 0], [2, 1])),
    graphCase('around four axes', [randomTensor([1, 2, 2, 3])], (a) => t.pad(a, [0, 1, 2, 0], [1, 0, 1, 3])),
  ],
  concat: [
    graphCase('three rows', [randomTensor([1, 3], 1), randomTensor([2, 3], 2), randomTensor([4, 3], 3)], (...p) =>
      t.concat(p, 0),
    ),
    graphCase('three columns', [randomTensor([2, 1], 1), randomTensor([2, 4], 2), randomTensor([2, 2], 3)], (...p) =>
      t.concat(p, 1),
    ),
    graphCase('channels', [randomTensor([2, 1, 2, 3], 1), randomTensor([2, 3, 2, 3], 2)], (...p) => t.concat(p, 1)),
    graphCase('one part', [randomTensor([2, 3])], (a) => t.concat([a], 1)),
    graphCase('a part twice', [randomTensor([2, 3], 1), randomTensor([2, 1], 2)], (a, b) => t.concat([a, b, a], 1)),
  ],

  matmul: products,
  conv2d: forwardCases,
  conv2dInputGradient: inputGradientCases,
  conv2dWeightGradient: weightGradientCases,

  stopGradient: [
    graphCase('unchanged', [randomTensor([2, 3])], t.stopGradient),
    graphCase('of a sum', [randomTensor([4])], (a) => t.stopGradient(t.add(a, 1))),
  ],
};
