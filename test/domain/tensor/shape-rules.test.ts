import { describe, expect, it } from '@jest/globals';
import { ShapeError } from '../../../src/domain/errors.js';
import * as t from '../../../src/domain/tensor/node-builders.js';
import type { Node, OpKind } from '../../../src/domain/tensor/op.js';
import { outputSize } from '../../../src/domain/tensor/shape-rules.js';
import { sizeOf } from '../../../src/domain/tensor/tensor.js';
import { evaluateByDefinition } from '../../support/tensor/definitions.js';
import { tensor } from '../../support/tensor/graph-cases.js';
import { operationCases } from '../../support/tensor/operation-cases.js';

const x = (...shape: number[]): Node => t.input('x', shape);
const halving = { inputSize: [4, 8], kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] } as const;

/** Invalid uses of each operation. A missing operation is a compile error. */
const invalidUses: { readonly [K in OpKind]: readonly (() => Node)[] } = {
  input: [() => x(2, 0), () => x(-1), () => x(1.5), () => x(NaN)],
  constant: [() => t.constant({ shape: [2, 2], data: new Float32Array(3) })],
  add: [() => t.add(x(2, 3), x(2)), () => t.add(x(2), x(3))],
  subtract: [() => t.subtract(x(2, 3), x(3, 2))],
  multiply: [() => t.multiply(x(4), x(2))],
  divide: [() => t.divide(x(2, 2), x(3))],
  exp: [],
  log: [],
  sqrt: [],
  tanh: [],
  sigmoid: [],
  softplus: [],
  leakyRelu: [],
  leakyReluSlope: [],
  greater: [() => t.greater(x(2), x(3))],
  greaterOrEqual: [() => t.greaterOrEqual(x(2), x(3))],
  select: [() => t.select(x(2), x(3), x(3)), () => t.select(x(3), x(3), x(2))],
  sum: [() => t.sum(x(2), [1]), () => t.sum(x(2, 2), [-1]), () => t.sum(x(2, 2), [0, 0]), () => t.sum(x(2), [0.5])],
  max: [() => t.max(x(2), [1]), () => t.max(x(2, 2), [1, 1])],
  broadcast: [() => t.broadcast(x(2, 3), [3]), () => t.broadcast(x(2), [3]), () => t.broadcast(x(1), [0])],
  reshape: [() => t.reshape(x(2, 3), [5]), () => t.reshape(x(2, 3), [-2, -3]), () => t.reshape(x(3), [2, 1.5])],
  transpose: [() => t.transpose(x(2, 3), [0]), () => t.transpose(x(2, 3), [0, 0]), () => t.transpose(x(2, 3), [1, 2])],
  slice: [
    () => t.slice(x(4), [2], [2]),
    () => t.slice(x(4), [0], [5]),
    () => t.slice(x(4), [-1], [2]),
    () => t.slice(x(4, 4), [0], [2]),
    () => t.slice(x(4), [0.5], [1.5]),
  ],
  pad: [() => t.pad(x(2), [-1], [0]), () => t.pad(x(2), [1], []), () => t.pad(x(2), [0], [0.5])],
  concat: [
    () => t.concat([], 0),
    () => t.concat([x(2, 3), x(2, 4)], 0),
    () => t.concat([x(2), x(2, 2)], 0),
    () => t.concat([x(2)], 1),
  ],
  matmul: [
    () => t.matmul(x(2, 3), x(2, 3)),
    () => t.matmul(x(2, 3), x(3, 2), { transposeA: true }),
    () => t.matmul(x(3), x(3)),
    () => t.matmul(x(2, 2, 3), x(3, 2)),
    () => t.matmul(x(2, 2, 3), x(3, 3, 2)),
  ],
  conv2d: [
    () => t.conv2d(x(1, 2, 4, 8), x(3, 1, 4, 4), halving),
    () => t.conv2d(x(1, 2, 4, 7), x(3, 2, 4, 4), halving),
    () => t.conv2d(x(1, 2, 4, 8), x(3, 2, 4, 3), halving),
    () => t.conv2d(x(2, 4, 8), x(3, 2, 4, 4), halving),
    () => t.conv2d(x(1, 2, 4, 8), x(3, 2, 4, 4), { ...halving, stride: [0, 2] }),
    () => t.conv2d(x(1, 2, 4, 8), x(3, 2, 4, 4), { ...halving, padding: [1, -1, 1, 1] }),
    () => t.conv2d(x(1, 2, 2, 2), x(3, 2, 4, 4), { ...halving, inputSize: [2, 2], padding: [0, 0, 0, 0] }),
  ],
  conv2dInputGradient: [
    () => t.conv2dInputGradient(x(1, 3, 2, 5), x(3, 2, 4, 4), halving),
    () => t.conv2dInputGradient(x(1, 2, 2, 4), x(3, 2, 4, 4), halving),
  ],
  conv2dWeightGradient: [
    () => t.conv2dWeightGradient(x(1, 2, 4, 8), x(1, 3, 2, 3), halving),
    () => t.conv2dWeightGradient(x(1, 2, 4, 8), x(2, 3, 2, 4), halving),
  ],
  stopGradient: [],
};

describe('shape rules', () => {
  it.each(Object.entries(invalidUses))('%s throws for inputs or parameters that do not fit', (_op, attempts) => {
    for (const attempt of attempts) expect(attempt).toThrow(ShapeError);
  });

  it('throw errors that say what was expected and what was given', () => {
    expect(() => t.matmul(x(4, 100), x(128, 512))).toThrow(
      'matmul needs [..., n, k] and [..., k, m] with equal leading axes, got [4, 100] and [128, 512]',
    );
    expect(() => t.conv2d(x(1, 2, 4, 8), x(3, 1, 4, 4), halving)).toThrow(
      'conv2d needs x [n, i, 4, 8] and w [o, i, 4, 4], got [1, 2, 4, 8] and [3, 1, 4, 4]',
    );
  });

  it('give the shapes of the computed values', () => {
    for (const { node, feeds } of Object.values(operationCases).flat()) {
      if (sizeOf(node.shape) < 60) expect(evaluateByDefinition(node, feeds).values.every(Number.isFinite)).toBe(true);
      expect(node.shape.every((n) => Number.isInteger(n) && n > 0)).toBe(true);
    }
    expect(t.sum(x(2, 3), [1]).shape).toEqual([2, 1]);
    expect(t.transpose(x(2, 3, 4), [2, 0, 1]).shape).toEqual([4, 2, 3]);
    expect(t.constant(tensor([3], 1, 2, 3)).shape).toEqual([3]);
  });

  it('give the output size of convolutions', () => {
    expect(outputSize(halving)).toEqual([2, 4]);
    expect(outputSize({ ...halving, inputSize: [5, 7] })).toEqual([2, 3]);
    expect(outputSize({ inputSize: [1, 9], kernel: [1, 4], stride: [1, 2], padding: [0, 1, 0, 1] })).toEqual([1, 4]);
  });
});
