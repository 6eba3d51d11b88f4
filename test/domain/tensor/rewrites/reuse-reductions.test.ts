import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as t from '../../../../src/domain/tensor/node-builders.js';
import { reuseReductions } from '../../../../src/domain/tensor/rewrites/reuse-reductions.js';
import { gradients } from '../../../../src/domain/tensor/gradient.js';
import type { Node } from '../../../../src/domain/tensor/op.js';
import type { Program } from '../../../../src/domain/tensor/program.js';
import { simplifyProgram } from '../../../../src/domain/tensor/rewrites/simplify.js';
import { sizeOf } from '../../../../src/domain/tensor/tensor.js';
import { topologicalOrder } from '../../../../src/domain/tensor/topological-order.js';
import { evaluateByDefinition } from '../../../support/tensor/definitions.js';
import { randomTensor } from '../../../support/tensor/graph-cases.js';
import { randomGraph } from '../../../support/tensor/random-graph.js';

const programOf = (nodes: readonly Node[]): Program => ({
  name: 'p',
  feeds: [],
  state: [],
  metrics: nodes.map((node, i) => ({ name: `m${i}`, node })),
});

const [x, k, l] = [t.input('x', [2, 3, 4]), t.input('k', [1, 3, 1]), t.input('l', [1, 3, 1])];
const feeds = new Map([
  ['x', randomTensor([2, 3, 4], 1)],
  ['k', randomTensor([1, 3, 1], 2)],
  ['l', randomTensor([1, 3, 1], 3)],
]);

/** Operations on a large tensor, most of them linear. */
const operations: readonly ((a: Node, b: Node) => Node)[] = [
  (a) => t.multiply(a, k),
  (a) => t.subtract(l, a),
  (a) => t.add(a, l),
  (a, b) => t.add(a, b),
  (a, b) => t.subtract(a, b),
  (a, b) => t.add(t.add(a, t.multiply(b, k)), t.multiply(b, k)),
  (a) => t.subtract(a, t.mean(a, [0, 2])),
  (a) => t.add(a, t.sum(a, [0, 2])),
  (a, b) => t.tanh(t.multiply(a, b)),
  (a) => t.multiply(t.multiply(k, a), t.multiply(l, 0.5)),
  (a) => t.add(a, a),
];

const linear = fc
  .array(fc.tuple(fc.nat(operations.length - 1), fc.nat(), fc.nat()), { minLength: 1, maxLength: 7 })
  .map((recipe) => {
    const pool: Node[] = [x];
    for (const [operation, left, right] of recipe)
      pool.push(t.tanh(operations[operation]!(pool[left % pool.length]!, pool[right % pool.length]!)));
    const last = operations[recipe[0]![0]]!(pool.at(-1)!, pool[0]!);
    const sums = pool.map((part) => t.sum(part, [0, 2]));
    return [last, t.sum(last, [0, 2]), ...sums, ...gradients(t.sum(t.square(last)), [x, k])];
  });

describe('reuseReductions', () => {
  it('changes no value of sums, products and their gradients', () => {
    fc.assert(
      fc.property(linear, (nodes) => {
        const program = programOf(nodes);
        reuseReductions(program).metrics.forEach(({ node }, i) => {
          const want = evaluateByDefinition(nodes[i]!, feeds);
          const got = evaluateByDefinition(node, feeds);
          expect(got.shape).toEqual(want.shape);
          const largest = Math.max(1, ...want.values.map(Math.abs));
          got.values.forEach((value, at) => expect(Math.abs(value - want.values[at]!) / largest).toBeLessThan(1e-9));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('changes no value of any graph and its gradients', () => {
    fc.assert(
      fc.property(randomGraph, (graph) => {
        const after = reuseReductions(programOf(graph.map(({ node }) => node)));
        graph.forEach(({ node, feeds: given }, i) => {
          const want = evaluateByDefinition(node, given).values;
          evaluateByDefinition(after.metrics[i]!.node, given).values.forEach((value, at) =>
            expect(value).toBeCloseTo(want[at]!, 9),
          );
        });
      }),
      { numRuns: 20 },
    );
  });

  it('computes the gradient of a batch norm with fewer passes over the whole tensor', () => {
    const centered = t.subtract(x, t.mean(x, [0, 2]));
    const factor = t.divide(k, t.sqrt(t.add(t.mean(t.square(centered), [0, 2]), 1e-5)));
    const out = t.tanh(t.add(t.multiply(centered, factor), l));
    const loss = t.sum(t.square(out));
    const program = programOf([loss, ...gradients(loss, [x, k, l])]);
    const passes = ({ metrics }: Program): number =>
      topologicalOrder(metrics.map(({ node }) => node)).filter(
        ({ op, shape, inputs }) =>
          op !== 'input' && Math.max(sizeOf(shape), ...inputs.map((i) => sizeOf(i.shape))) === 24,
      ).length;
    expect(passes(reuseReductions(program))).toBeLessThanOrEqual(passes(simplifyProgram(program)) - 2);
  });
});
