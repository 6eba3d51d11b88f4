import { describe, expect, it } from '@jest/globals';
import * as t from '../../../src/domain/tensor/node-builders.js';
import { gradients } from '../../../src/domain/tensor/gradient.js';
import type { Node, OpKind } from '../../../src/domain/tensor/op.js';
import { topologicalOrder } from '../../../src/domain/tensor/topological-order.js';
import { evaluateByDefinition } from '../../support/tensor/definitions.js';
import { findDisagreement, directionalDerivatives } from '../../support/tensor/finite-differences.js';
import { randomTensor, tensor } from '../../support/tensor/graph-cases.js';
import { gradientCases } from '../../support/tensor/gradient-cases.js';
import { createGraphEvaluator } from '../../../src/adapters/reference/graph-evaluator.js';

const ops = Object.keys(gradientCases) as OpKind[];

describe('gradients agree with central differences', () => {
  it.each(ops)('%s', (op) => {
    for (const { name, node, feeds } of gradientCases[op]) {
      expect({ name, wrong: findDisagreement(directionalDerivatives({ name, node: lossOf(node), feeds })) }).toEqual({
        name,
      });
    }
  });
});

describe('gradients of the squared gradient agree with central differences', () => {
  it.each(ops)('%s', (op) => {
    for (const { name, node, feeds } of gradientCases[op]) {
      const penalty = { name, node: squaredGradient(lossOf(node)), feeds };
      expect({ name, wrong: findDisagreement(directionalDerivatives(penalty)) }).toEqual({ name });
    }
  });

  it('third derivatives agree through a convolution and its norm', () => {
    const { node, feeds } = gradientCases.conv2d.find(({ name }) => name === '4x4 halves the smallest')!;
    const thrice = squaredGradient(squaredGradient(t.asScalar(t.sum(t.tanh(t.multiply(node, 0.1))))));
    expect(findDisagreement(directionalDerivatives({ name: 'thrice', node: thrice, feeds }))).toBeUndefined();
  });
});

describe('gradients', () => {
  const x = t.input('x', [2, 3]);
  const feeds = new Map([['x', randomTensor([2, 3], 61)]]);
  const values = (node: Node): readonly number[] => evaluateByDefinition(node, feeds).values;
  const fed = values(x);

  it('are zeros of the target’s shape where the loss does not depend on it', () => {
    const [dx, dy] = gradients(t.sum(x), [x, t.input('y', [4])]);
    expect([dx!.shape, dy!.shape]).toEqual([[2, 3], [4]]);
    expect([values(dx!), values(dy!)]).toEqual([fed.map(() => 1), [0, 0, 0, 0]]);
  });

  it('are zero through stopGradient and unchanged through the other factor', () => {
    const [dx] = gradients(t.sum(t.multiply(x, t.stopGradient(t.exp(x)))), [x]);
    fed.forEach((value, i) => expect(values(dx!)[i]).toBeCloseTo(Math.exp(value), 12));
  });

  it('of the straight-through estimator soft + stopGradient(hard - soft) are those of soft', () => {
    const soft = t.sigmoid(x);
    const hard = t.greater(soft, 0.5);
    const estimate = t.add(soft, t.stopGradient(t.subtract(hard, soft)));
    const [dx] = gradients(t.sum(estimate), [x]);
    values(estimate).forEach((value, i) => expect(value).toBeCloseTo(fed[i]! > 0 ? 1 : 0, 12));
    const slope = (value: number): number => 1 / (2 + Math.exp(value) + Math.exp(-value));
    fed.forEach((value, i) => expect(values(dx!)[i]).toBeCloseTo(slope(value), 12));
  });

  it('sum over all uses of a shared subexpression', () => {
    const shared = t.square(x);
    const loss = t.sum(t.add(t.multiply(shared, 3), t.multiply(shared, x)));
    fed.forEach((value, i) => expect(values(gradients(loss, [x])[0]!)[i]).toBeCloseTo(6 * value + 3 * value ** 2, 12));
  });

  it('can be taken with respect to an intermediate node, several targets at once, and the loss itself', () => {
    const middle = t.multiply(x, 2);
    const loss = t.sum(t.square(middle));
    const [dMiddle, dx, dLoss] = gradients(loss, [middle, x, loss]).map(values);
    fed.forEach((value, i) => {
      expect(dMiddle![i]).toBeCloseTo(4 * value, 12);
      expect(dx![i]).toBeCloseTo(8 * value, 12);
    });
    expect(dLoss).toEqual([1]);
  });

  it('of max are divided equally among tied maxima', () => {
    const [dx] = gradients(t.sum(t.max(x, [1])), [x]);
    const tied = new Map([['x', tensor([2, 3], 5, 5, 1, -2, -7, -3)]]);
    expect(evaluateByDefinition(dx!, tied).values).toEqual([0.5, 0.5, 0, 1, 0, 0]);
  });

  it('throw for a loss of more than one element', () => {
    expect(() => gradients(x, [x])).toThrow('loss must have one element, got shape [2, 3]');
    expect(values(gradients(t.sum(x, [0, 1]), [x])[0]!)).toEqual(fed.map(() => 1));
  });

  it('of a chain of 5,000 operations do not overflow the call stack', () => {
    let y: Node = x;
    for (let i = 0; i < 5000; i++) y = t.add(t.multiply(y, 0.999), x);
    const [dx] = gradients(t.sum(y), [x]);
    const got = createGraphEvaluator([dx!])(() => Float64Array.from(fed))[0]!;
    const [ratio] = tensor([], 0.999).data; // as a float32 constant
    const series = (1 - ratio! ** 5001) / (1 - ratio!);
    got.forEach((value) => expect(value / series).toBeCloseTo(1, 9));
  });

  it('of a node that is doubled 60 times have a small graph', () => {
    let y: Node = x;
    for (let i = 0; i < 60; i++) y = t.add(y, y);
    const [dx] = gradients(t.sum(y), [x]);
    expect(topologicalOrder([dx!]).length).toBeLessThan(200);
    expect(values(dx!)).toEqual(fed.map(() => 2 ** 60));
  });
});

/** A nonlinear loss with a different weight for every element of `node`. */
function lossOf(node: Node): Node {
  const weight = t.constant(randomTensor(node.shape, 71));
  return t.asScalar(t.sum(t.multiply(t.add(t.square(node), node), weight)));
}

/** The squared norm of the gradient of `loss` with respect to all its inputs, as in a gradient penalty. */
function squaredGradient(loss: Node): Node {
  const inputs = topologicalOrder([loss]).filter((node) => node.op === 'input');
  return gradients(loss, inputs)
    .map((slope) => t.asScalar(t.sum(t.square(slope))))
    .reduce(t.add, t.constant(0));
}
