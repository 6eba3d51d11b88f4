import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, input } from '../../../src/domain/tensor/node-builders.js';
import type { Node } from '../../../src/domain/tensor/op.js';
import { topologicalOrder } from '../../../src/domain/tensor/topological-order.js';
import { randomGraph } from '../../support/tensor/random-graph.js';

it('lists every node once, inputs before their users', () => {
  fc.assert(
    fc.property(randomGraph, (graph) => {
      const order = topologicalOrder(graph.map(({ node }) => node));
      const place = new Map(order.map((node, i) => [node, i]));
      expect(place.size).toBe(order.length);
      for (const { node } of graph) expect(place.has(node)).toBe(true);
      for (const node of order) for (const into of node.inputs) expect(place.get(into)!).toBeLessThan(place.get(node)!);
    }),
    { numRuns: 30 },
  );
});

it('gives equal graphs in equal order', () => {
  const build = (): Node => add(add(input('a', [1]), input('b', [1])), input('c', [1]));
  const names = (root: Node): readonly string[] =>
    topologicalOrder([root]).map((n) => (n.op === 'input' ? n.params.name : n.op));
  expect(names(build())).toEqual(['a', 'b', 'add', 'c', 'add']);
  expect(names(build())).toEqual(names(build()));
});

it('does not overflow the call stack for deep graphs', () => {
  let node: Node = input('a', [1]);
  for (let i = 0; i < 50_000; i++) node = add(node, 1);
  expect(topologicalOrder([node])).toHaveLength(100_001);
});
