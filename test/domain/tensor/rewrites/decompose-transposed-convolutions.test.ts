import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as t from '../../../../src/domain/tensor/node-builders.js';
import { decomposeTransposedConvolutions } from '../../../../src/domain/tensor/rewrites/decompose-transposed-convolutions.js';
import type { ConvGeometry, Node } from '../../../../src/domain/tensor/op.js';
import { outputSize } from '../../../../src/domain/tensor/shape-rules.js';
import { topologicalOrder } from '../../../../src/domain/tensor/topological-order.js';
import { evaluateByDefinition } from '../../../support/tensor/definitions.js';
import { randomTensor } from '../../../support/tensor/graph-cases.js';
import { inputGradientCases, arbitraryWholeStrideConvs } from '../../../support/tensor/conv-cases.js';

const dense = (node: Node): Node =>
  decomposeTransposedConvolutions({ name: 'case', feeds: [], state: [], metrics: [{ name: 'y', node }] }).metrics[0]!
    .node;
const operations = (node: Node): readonly string[] => topologicalOrder([node]).map(({ op }) => op);

describe('transposed convolutions as dense ones', () => {
  it('compute the same, with what is done to them cell by cell and what is not', () => {
    fc.assert(
      fc.property(arbitraryWholeStrideConvs, fc.constantFrom(8, 16, 3), fc.nat(4), (slide, channels, after) => {
        const y = randomTensor([2, 3, ...outputSize(slide)], 7);
        const w = t.constant(randomTensor([3, channels, ...slide.kernel], 9));
        const bias = t.reshape(t.constant(randomTensor([channels], 11)), [1, channels, 1, 1]);
        const drawn = t.conv2dInputGradient(t.input('y', y.shape), w, slide);
        const biased = t.leakyRelu(t.add(drawn, bias), 0.2);
        const results = [
          drawn,
          biased,
          t.add(biased, drawn),
          t.tanh(t.sum(biased, [1])),
          t.add(t.leakyRelu(drawn, 0.1), t.constant(randomTensor([...drawn.shape.slice(2)], 13))),
        ];
        const node = results[after]!;
        const [want, got] = [node, dense(node)].map((each) => evaluateByDefinition(each, new Map([['y', y]])));
        expect(got!.shape).toEqual(want!.shape);
        got!.values.forEach((value, i) => expect(value).toBeCloseTo(want!.values[i]!, 9));
      }),
      { numRuns: 40 },
    );
  });

  it('compute the same in every way of sliding that has its own trap', () => {
    for (const { name, node, feeds } of inputGradientCases) {
      const [want, got] = [node, dense(node)].map((each) => evaluateByDefinition(each, feeds));
      expect({ name, shape: got!.shape }).toEqual({ name, shape: want!.shape });
      got!.values.forEach((value, i) => expect(value).toBeCloseTo(want!.values[i]!, 9));
    }
  });

  const upscale: ConvGeometry = { inputSize: [8, 32], kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] };
  const drawnBy = (w: Node): Node => t.conv2dInputGradient(t.input('y', [1, 3, 4, 16]), w, upscale);

  it('replace those of constant weights in eights of channels, bias and slope inside', () => {
    const w = t.constant(randomTensor([3, 8, 4, 4], 9));
    const drawn = t.leakyRelu(t.add(drawnBy(w), t.constant(randomTensor([1, 8, 1, 1], 5))), 0.2);
    const found = operations(dense(drawn));
    expect(found).not.toContain('conv2dInputGradient');
    expect(found.filter((op) => op === 'conv2d')).toHaveLength(2);
    expect(found.lastIndexOf('leakyRelu')).toBeLessThan(found.indexOf('concat'));
  });

  it('replace each of several, one after the other', () => {
    const slide: ConvGeometry = { ...upscale, inputSize: [4, 4] };
    const next: ConvGeometry = { ...upscale, inputSize: [8, 8] };
    const [w, v] = [randomTensor([2, 8, 4, 4], 9), randomTensor([8, 8, 4, 4], 5)].map((value) => t.constant(value));
    const first = t.conv2dInputGradient(t.input('y', [1, 2, 2, 2]), w!, slide);
    const drawn = t.conv2dInputGradient(t.leakyRelu(first, 0.2), v!, next);
    const feeds = new Map([['y', randomTensor([1, 2, 2, 2], 3)]]);
    const [want, got] = [drawn, dense(drawn)].map((each) => evaluateByDefinition(each, feeds));
    got!.values.forEach((value, i) => expect(value).toBeCloseTo(want!.values[i]!, 9));
    expect(operations(dense(drawn))).not.toContain('conv2dInputGradient');
  });

  it('leave others as they are', () => {
    for (const w of [t.constant(randomTensor([3, 1, 4, 4], 9)), t.input('w', [3, 8, 4, 4])]) {
      const drawn = t.tanh(drawnBy(w));
      expect(dense(drawn)).toBe(drawn);
    }
  });
});
