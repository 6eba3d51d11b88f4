import * as t from '../../../src/domain/tensor/build.js';
import type { Node, OpKind } from '../../../src/domain/tensor/op.js';
import type { Shape } from '../../../src/domain/tensor/tensor.js';
import { forwardCases, inputGradientCases, weightGradientCases } from './conv-cases.js';
import { on, scattered, tensor, whole, type Case } from './feeds.js';

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

const pairwise = (build: (a: Node, b: Node) => Node, make = scattered): readonly Case[] => [
  ...broadcasts.map(([a, b]) => on(`[${a.join()}] and [${b.join()}]`, [make(a, 1), make(b, 2)], build)),
  on('a node with itself', [make([2, 3], 4)], (a) => build(a, a)),
  on('a constant on the right', [make([2, 3], 6)], (a) => build(a, t.constant(1))),
  on('a constant on the left', [make([2, 3], 6)], (a) => build(t.constant(1), a)),
];

/** On ordinary numbers, then on the ones given. */
const pointwise = (
  build: (a: Node) => Node,
  low: number,
  high: number,
  ...special: readonly number[]
): readonly Case[] => [
  on('a scalar', [scattered([], 1, low, high)], build),
  on('ordinary numbers', [scattered([3, 7], 2, low, high)], build),
  ...special.map((x) => on(`of ${x}`, [tensor([2, 2], x, x, x, x)], build)),
];

/** With several slopes, on both sides of 0 and close to it. */
const bothSides = (build: (a: Node, slope: number) => Node): readonly Case[] =>
  [0.2, 0, 0.01, 1].flatMap((slope) =>
    pointwise((a) => build(a, slope), -3, 3, 0, 1e-6, -1e-6).map((c) => ({ ...c, name: `slope ${slope}, ${c.name}` })),
  );

const reductions = (build: (a: Node, axes?: readonly number[]) => Node, make: typeof scattered): readonly Case[] => [
  on('all axes', [make([2, 3, 2], 1)], (a) => build(a)),
  on('no axes', [make([2, 3], 2)], (a) => build(a, [])),
  on('of a scalar', [make([], 3)], (a) => build(a)),
  on('the first axis', [make([3, 2, 2], 4)], (a) => build(a, [0])),
  on('the last axis', [make([2, 5], 5)], (a) => build(a, [1])),
  on('the middle axis', [make([2, 4, 3], 6)], (a) => build(a, [1])),
  on('outer axes', [make([2, 3, 2, 4], 7)], (a) => build(a, [0, 2, 3])),
  on('axes in another order', [make([2, 3, 4], 8)], (a) => build(a, [2, 0])),
  on('an axis of length 1', [make([3, 1, 2], 9)], (a) => build(a, [1])),
  on('a long axis', [make([2, 300], 10)], (a) => build(a, [1])),
  on('negative numbers only', [make([2, 4], 11, -9, -3)], (a) => build(a, [1])),
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
        on(
          `[${[...lead, n, k].join()}] x [${[...lead, k, m].join()}]${transposeA ? ', a turned' : ''}${transposeB ? ', b turned' : ''}`,
          [
            scattered([...lead, ...(transposeA ? [k, n] : [n, k])], 1),
            scattered([...lead, ...(transposeB ? [m, k] : [k, m])], 2),
          ],
          (a, b) => t.matmul(a, b, { transposeA, transposeB }),
        ),
      ),
    ),
  ),
);

/** Cases of every operation: a missing one is a compile error. */
export const operationCases: { readonly [K in OpKind]: readonly Case[] } = {
  input: [on('given back', [scattered([2, 3])], (a) => a), on('a scalar', [tensor([], 7)], (a) => a)],
  constant: [
    on('a scalar', [], () => t.constant(3)),
    on('a matrix', [], () => t.constant(scattered([2, 3], 2))),
    on('a sum of constants', [], () => t.add(t.constant(2), t.constant(scattered([2, 2], 3)))),
  ],

  add: pairwise(t.add),
  subtract: pairwise(t.subtract),
  multiply: pairwise(t.multiply),
  divide: pairwise(t.divide, (shape, seed) => scattered(shape, seed, -3, -0.5)),
  exp: pointwise(t.exp, -5, 5, 0, 80, -80),
  log: pointwise(t.log, 0.1, 9, 1, 1e-30, 1e30),
  sqrt: pointwise(t.sqrt, 0.1, 9, 0, 1, 1e-20, 1e20),
  tanh: pointwise(t.tanh, -3, 3, 0, 1e-4, 50, -50),
  sigmoid: pointwise(t.sigmoid, -6, 6, 0, 20, -20, 100, -100),
  softplus: pointwise(t.softplus, -6, 6, 0, 20, -20, 100, -80, 1000, -1000),
  leakyRelu: bothSides(t.leakyRelu),
  leakyReluSlope: bothSides(t.leakyReluSlope),
  greater: [
    ...pairwise(t.greater, whole),
    on('in a product', [whole([3, 4], 5), scattered([3, 4], 6)], (a, b) => t.multiply(t.greater(a, 0), b)),
  ],
  greaterOrEqual: [
    ...pairwise(t.greaterOrEqual, whole),
    on('in a sum', [whole([3, 4], 5), scattered([3, 4], 6)], (a, b) => t.add(t.greaterOrEqual(a, 0), b)),
  ],
  select: [
    on('full shapes', [whole([2, 5], 1), scattered([2, 5], 2), scattered([2, 5], 3)], t.select),
    on('a row and a scalar', [whole([4, 3], 1, 0, 1), scattered([3], 2), scattered([], 3)], t.select),
    on('a condition that stretches', [whole([3, 1], 5, 0, 1), scattered([3, 4], 2), scattered([4], 3)], t.select),
    on('numbers', [whole([2, 6], 4, 0, 1)], (a) => t.select(a, 2, -3)),
    on('a comparison', [scattered([2, 6], 4), scattered([6], 5)], (a, b) => t.select(t.greater(a, b), a, b)),
    on('never the side that is not taken', [tensor([3], 1, 0, 2), tensor([3], 5, 0, 7)], (a, b) =>
      t.select(a, t.divide(1, b), 9),
    ),
  ],

  sum: reductions(t.sum, scattered),
  max: [
    ...reductions(t.max, scattered),
    ...reductions(t.max, whole).map((c) => ({ ...c, name: `${c.name}, with ties` })),
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
  ).map(([from, to]) => on(`[${from.join()}] to [${to.join()}]`, [scattered(from)], (a) => t.broadcast(a, to))),
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
  ).map(([from, to]) => on(`[${from.join()}] to [${to.join()}]`, [scattered(from)], (a) => t.reshape(a, to))),
  transpose: (
    [[], [0], [1, 0], [0, 2, 1], [2, 0, 1], [1, 2, 0], [1, 0, 2, 3], [0, 2, 3, 1], [3, 1, 0, 2]] as const
  ).map((order) =>
    on(`order ${order.join()}`, [scattered([2, 3, 4, 5].slice(0, order.length))], (a) => t.transpose(a, order)),
  ),
  slice: [
    on('all of it', [scattered([2, 3])], (a) => t.slice(a, [0, 0], [2, 3])),
    on('one element', [scattered([3, 4])], (a) => t.slice(a, [1, 2], [2, 3])),
    on('a row', [scattered([3, 4])], (a) => t.slice(a, [2, 0], [3, 4])),
    on('a column', [scattered([3, 4])], (a) => t.slice(a, [0, 3], [3, 4])),
    on('inside of four axes', [scattered([2, 3, 4, 5])], (a) => t.slice(a, [1, 0, 1, 2], [2, 2, 3, 5])),
  ],
  pad: [
    on('nothing', [scattered([2, 3])], (a) => t.pad(a, [0, 0], [0, 0])),
    on('before', [scattered([2, 3])], (a) => t.pad(a, [1, 2], [0, 0])),
    on('after', [scattered([2, 3])], (a) => t.pad(a, [0, 0], [2, 1])),
    on('around four axes', [scattered([1, 2, 2, 3])], (a) => t.pad(a, [0, 1, 2, 0], [1, 0, 1, 3])),
  ],
  concat: [
    on('three rows', [scattered([1, 3], 1), scattered([2, 3], 2), scattered([4, 3], 3)], (...p) => t.concat(p, 0)),
    on('three columns', [scattered([2, 1], 1), scattered([2, 4], 2), scattered([2, 2], 3)], (...p) => t.concat(p, 1)),
    on('channels', [scattered([2, 1, 2, 3], 1), scattered([2, 3, 2, 3], 2)], (...p) => t.concat(p, 1)),
    on('one part', [scattered([2, 3])], (a) => t.concat([a], 1)),
    on('a part twice', [scattered([2, 3], 1), scattered([2, 1], 2)], (a, b) => t.concat([a, b, a], 1)),
  ],

  matmul: products,
  conv2d: forwardCases,
  conv2dInputGradient: inputGradientCases,
  conv2dWeightGradient: weightGradientCases,

  stopGradient: [
    on('unchanged', [scattered([2, 3])], t.stopGradient),
    on('of a sum', [scattered([4])], (a) => t.stopGradient(t.add(a, 1))),
  ],
};
