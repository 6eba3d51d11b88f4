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

const decomposed = (node: Node): Node =>
  decomposeTransposedConvolutions({ name: 'case', feeds: [], state: [], metrics: [{ name: 'y', node }] }).metrics[0]!
    .node;
const operations = (node: Node): readonly string[] => topologicalOrder([node]).map(({ op }) => op);

describe('decomposeTransposedConvolutions', () => {
  it('changes no value, whatever operations follow', () => {
    fc.assert(
      fc.property(arbitraryWholeStrideConvs, fc.constantFrom(8, 16, 3), fc.nat(4), (geometry, channels, which) => {
        const y = randomTensor([2, 3, ...outputSize(geometry)], 7);
        const w = t.constant(randomTensor([3, channels, ...geometry.kernel], 9));
        const bias = t.reshape(t.constant(randomTensor([channels], 11)), [1, channels, 1, 1]);
        const x = t.conv2dInputGradient(t.input('y', y.shape), w, geometry);
        const activated = t.leakyRelu(t.add(x, bias), 0.2);
        const results = [
          x,
          activated,
          t.add(activated, x),
          t.tanh(t.sum(activated, [1])),
          t.add(t.leakyRelu(x, 0.1), t.constant(randomTensor([...x.shape.slice(2)], 13))),
        ];
        const node = results[which]!;
        const [want, got] = [node, decomposed(node)].map((each) => evaluateByDefinition(each, new Map([['y', y]])));
        expect(got!.shape).toEqual(want!.shape);
        got!.values.forEach((value, i) => expect(value).toBeCloseTo(want!.values[i]!, 9));
      }),
      { numRuns: 40 },
    );
  });

  it('changes no value for the special cases of kernel, stride and padding', () => {
    for (const { name, node, feeds } of inputGradientCases) {
      const [want, got] = [node, decomposed(node)].map((each) => evaluateByDefinition(each, feeds));
      expect({ name, shape: got!.shape }).toEqual({ name, shape: want!.shape });
      got!.values.forEach((value, i) => expect(value).toBeCloseTo(want!.values[i]!, 9));
    }
  });

  const upscale: ConvGeometry = { inputSize: [8, 32], kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] };
  const upscaled = (w: Node): Node => t.conv2dInputGradient(t.input('y', [1, 3, 4, 16]), w, upscale);

  it('applies bias and LeakyReLU before the interleaving', () => {
    const w = t.constant(randomTensor([3, 8, 4, 4], 9));
    const x = t.leakyRelu(t.add(upscaled(w), t.constant(randomTensor([1, 8, 1, 1], 5))), 0.2);
    const found = operations(decomposed(x));
    expect(found).not.toContain('conv2dInputGradient');
    expect(found.filter((op) => op === 'conv2d')).toHaveLength(2);
    expect(found.lastIndexOf('leakyRelu')).toBeLessThan(found.indexOf('concat'));
  });

  it('decomposes consecutive transposed convolutions', () => {
    const first: ConvGeometry = { ...upscale, inputSize: [4, 4] };
    const second: ConvGeometry = { ...upscale, inputSize: [8, 8] };
    const [w, v] = [randomTensor([2, 8, 4, 4], 9), randomTensor([8, 8, 4, 4], 5)].map((value) => t.constant(value));
    const hidden = t.conv2dInputGradient(t.input('y', [1, 2, 2, 2]), w!, first);
    const x = t.conv2dInputGradient(t.leakyRelu(hidden, 0.2), v!, second);
    const feeds = new Map([['y', randomTensor([1, 2, 2, 2], 3)]]);
    const [want, got] = [x, decomposed(x)].map((each) => evaluateByDefinition(each, feeds));
    got!.values.forEach((value, i) => expect(value).toBeCloseTo(want!.values[i]!, 9));
    expect(operations(decomposed(x))).not.toContain('conv2dInputGradient');
  });

  it('leaves those whose channels are no multiple of 8 or whose weights are not constant', () => {
    for (const w of [t.constant(randomTensor([3, 1, 4, 4], 9)), t.input('w', [3, 8, 4, 4])]) {
      const x = t.tanh(upscaled(w));
      expect(decomposed(x)).toBe(x);
    }
  });
});
