import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as t from '../../../../src/domain/tensor/node-builders.js';
import type { Node } from '../../../../src/domain/tensor/op.js';
import { simplify } from '../../../../src/domain/tensor/rewrites/simplify.js';
import { topologicalOrder } from '../../../../src/domain/tensor/topological-order.js';
import { evaluateByDefinition } from '../../../support/tensor/definitions.js';
import { tensor } from '../../../support/tensor/graph-cases.js';
import { operationCases } from '../../../support/tensor/operation-cases.js';
import { randomGraph } from '../../../support/tensor/random-graph.js';

const simpler = (node: Node): Node => simplify([node]).get(node)!;

describe('simplify', () => {
  it('changes no value of any operation', () => {
    for (const { name, node, feeds } of Object.values(operationCases).flat()) {
      const [before, after] = [node, simpler(node)].map((n) => evaluateByDefinition(n, feeds));
      expect({ name, shape: after!.shape, values: after!.values }).toEqual({
        name,
        shape: before!.shape,
        values: before!.values,
      });
    }
  });

  it('changes no value of a graph and its gradients, and makes them no larger', () => {
    fc.assert(
      fc.property(randomGraph, (graph) => {
        for (const { node, feeds } of graph) {
          const after = simpler(node);
          expect(topologicalOrder([after]).length).toBeLessThanOrEqual(topologicalOrder([node]).length);
          expect(after.shape).toEqual(node.shape);
          const [want, got] = [node, after].map((n) => evaluateByDefinition(n, feeds).values);
          got!.forEach((value, i) => expect(value).toBeCloseTo(want![i]!, 9));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('merges common subexpressions and removes identity operations', () => {
    const x = t.input('x', [2, 3]);
    const twice = t.add(t.exp(t.multiply(x, 1)), t.exp(t.reshape(t.add(x, 0), [2, 3])));
    expect(topologicalOrder([simpler(twice)]).map(({ op }) => op)).toEqual(['input', 'exp', 'add']);
  });

  it('folds the reshape of a constant', () => {
    const shaped = t.add(t.input('x', [2, 3]), t.reshape(t.constant(tensor([3], 1, 2, 3)), [1, 3]));
    expect(topologicalOrder([simpler(shaped)]).map(({ op }) => op)).toEqual(['input', 'constant', 'add']);
  });

  it('does not merge constants that differ in shape or value, including 0 and -0', () => {
    const x = t.input('x', [1]);
    const sums = [tensor([1], 2), tensor([], 2)].map((value) => t.add(x, t.constant(value)));
    const quotients = [tensor([1], -0), tensor([1], 0)].map((value) => t.divide(1, t.constant(value)));
    const graph = t.concat([...sums, ...quotients], 0);
    expect(evaluateByDefinition(simpler(graph), new Map([['x', tensor([1], 5)]])).values).toEqual([
      7,
      7,
      -Infinity,
      Infinity,
    ]);
  });
});
