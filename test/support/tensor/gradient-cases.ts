import * as t from '../../../src/domain/tensor/node-builders.js';
import type { OpKind } from '../../../src/domain/tensor/op.js';
import { graphCase, randomTensor, tensor, type GraphCase } from './graph-cases.js';
import { operationCases } from './operation-cases.js';

/** Where the function is smooth: not at a kink, and not where numbers are huge or tiny. */
const smooth = (cases: readonly GraphCase[]): readonly GraphCase[] =>
  cases.filter(({ name }) => !/(^|, )of |ties/.test(name) || name === 'of a scalar');

const [p, q] = [randomTensor([3, 4], 51), randomTensor([4], 52)];

/** Graphs to differentiate, of every operation: a missing one is a compile error. */
export const gradientCases: { readonly [K in OpKind]: readonly GraphCase[] } = {
  input: operationCases.input,
  constant: [graphCase('beside an input', [p], (a) => t.multiply(a, t.constant(randomTensor([3, 4], 53))))],

  add: operationCases.add,
  subtract: operationCases.subtract,
  multiply: operationCases.multiply,
  divide: operationCases.divide,
  exp: smooth(operationCases.exp),
  log: smooth(operationCases.log),
  sqrt: smooth(operationCases.sqrt),
  tanh: smooth(operationCases.tanh),
  sigmoid: smooth(operationCases.sigmoid),
  softplus: [...smooth(operationCases.softplus), graphCase('far out', [tensor([4], -30, -8, 9, 40)], t.softplus)],
  leakyRelu: smooth(operationCases.leakyRelu),
  leakyReluSlope: [graphCase('in a product', [p], (a) => t.multiply(t.leakyReluSlope(a, 0.2), a))],
  greater: [graphCase('in a product', [p, q], (a, b) => t.multiply(t.greater(a, b), t.add(a, b)))],
  greaterOrEqual: [graphCase('in a product', [p, q], (a, b) => t.multiply(t.greaterOrEqual(a, b), t.add(a, b)))],
  select: [
    graphCase('a comparison', [p, q], (a, b) => t.select(t.greater(a, b), t.square(a), t.multiply(b, 3))),
    graphCase('a scalar side', [p, randomTensor([], 54)], (a, b) => t.select(t.greater(a, 0.3), b, t.multiply(a, b))),
    graphCase('a condition that stretches', [randomTensor([3, 1], 55), p, q], (a, b, c) =>
      t.select(t.greater(a, 0), b, c),
    ),
  ],
  sum: operationCases.sum,
  max: smooth(operationCases.max),

  broadcast: operationCases.broadcast,
  reshape: operationCases.reshape,
  transpose: operationCases.transpose,
  slice: operationCases.slice,
  pad: operationCases.pad,
  concat: operationCases.concat,

  matmul: operationCases.matmul,
  conv2d: operationCases.conv2d,
  conv2dInputGradient: operationCases.conv2dInputGradient,
  conv2dWeightGradient: operationCases.conv2dWeightGradient,

  // What differentiation does not see, central differences do: here the two must agree on what is left.
  stopGradient: [
    graphCase('of a constant', [p], (a) => t.multiply(t.stopGradient(t.constant(randomTensor([4], 56))), a)),
  ],
};
