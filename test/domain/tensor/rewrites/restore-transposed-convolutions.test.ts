import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as t from '../../../../src/domain/tensor/node-builders.js';
import { decomposeTransposedConvolutions } from '../../../../src/domain/tensor/rewrites/decompose-transposed-convolutions.js';
import type { ConvGeometry, Node } from '../../../../src/domain/tensor/op.js';
import type { Program } from '../../../../src/domain/tensor/program.js';
import { outputSize } from '../../../../src/domain/tensor/shape-rules.js';
import { restoreTransposedConvolutions } from '../../../../src/domain/tensor/rewrites/restore-transposed-convolutions.js';
import { topologicalOrder } from '../../../../src/domain/tensor/topological-order.js';
import { arbitraryWholeStrideConvs } from '../../../support/tensor/conv-cases.js';
import { evaluateByDefinition } from '../../../support/tensor/definitions.js';
import { randomTensor } from '../../../support/tensor/graph-cases.js';

const rewriteNode = (rewrite: (program: Program) => Program, node: Node): Node =>
  rewrite({ name: 'case', feeds: [], state: [], metrics: [{ name: 'y', node }] }).metrics[0]!.node;
const decomposed = (node: Node): Node => rewriteNode(decomposeTransposedConvolutions, node);
const restored = (node: Node): Node => rewriteNode(restoreTransposedConvolutions, node);
const operations = (node: Node): readonly string[] => topologicalOrder([node]).map(({ op }) => op);
/** The only transposed convolution that a node depends on. */
const transposedConvolution = (node: Node): Node<'conv2dInputGradient'> | undefined =>
  topologicalOrder([node]).find((each) => each.op === 'conv2dInputGradient') as Node<'conv2dInputGradient'> | undefined;

describe('restoreTransposedConvolutions', () => {
  it('is the inverse of the decomposition: same weights and geometry', () => {
    fc.assert(
      fc.property(arbitraryWholeStrideConvs, fc.constantFrom(8, 16), fc.nat(3), (geometry, channels, which) => {
        const y = randomTensor([2, 3, ...outputSize(geometry)], 7);
        const w = randomTensor([3, channels, ...geometry.kernel], 9);
        const bias = t.reshape(t.constant(randomTensor([channels], 11)), [1, channels, 1, 1]);
        const x = t.conv2dInputGradient(t.input('y', y.shape), t.constant(w), geometry);
        const node = [
          x,
          t.add(x, bias),
          t.leakyRelu(t.add(x, bias), 0.2),
          t.leakyRelu(t.leakyRelu(t.add(t.leakyRelu(x, 0.5), bias), 0.2), 0.1),
        ][which]!;
        const [phases, back] = [decomposed(node), restored(decomposed(node))];
        const feeds = new Map([['y', y]]);
        const [want, got] = [node, back].map((each) => evaluateByDefinition(each, feeds));
        expect(got!.shape).toEqual(want!.shape);
        got!.values.forEach((value, i) => expect(value).toBeCloseTo(want!.values[i]!, 9));
        if (operations(phases).includes('conv2dInputGradient')) return; // it was not decomposed
        const { params, inputs } = transposedConvolution(back)!;
        expect(operations(back)).not.toContain('conv2d');
        expect(params).toEqual(geometry);
        expect((inputs[1] as Node<'constant'>).params.value).toEqual(w);
      }),
      { numRuns: 25 },
    );
  });

  const upscale: ConvGeometry = { inputSize: [8, 8], kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] };
  const y = t.input('y', [1, 3, 4, 4]);

  it('restores consecutive transposed convolutions', () => {
    const second: ConvGeometry = { ...upscale, inputSize: [16, 16] };
    const [w, v] = [randomTensor([3, 8, 4, 4], 9), randomTensor([8, 8, 4, 4], 5)].map((value) => t.constant(value));
    const x = t.conv2dInputGradient(t.leakyRelu(t.conv2dInputGradient(y, w!, upscale), 0.2), v!, second);
    expect(operations(restored(decomposed(x)))).toEqual(operations(x));
  });

  /** A decomposition with each of its two row phases replaced by `change(phase)`. */
  const withChangedPhases = (change: (part: Node<'conv2d'>, index: number) => Node): Node => {
    const x = t.conv2dInputGradient(y, t.constant(randomTensor([3, 8, 4, 4], 9)), upscale);
    let index = 0;
    const changed = new Map<Node, Node>();
    for (const each of topologicalOrder([decomposed(x)])) {
      const inputs = each.inputs.map((input) => changed.get(input)!);
      const rebuilt = t.node(each.op, inputs as never, each.params as never) as Node;
      changed.set(each, rebuilt.op === 'conv2d' ? change(rebuilt, index++) : rebuilt);
    }
    return [...changed.values()].at(-1)!;
  };
  const biasOf = (value: number): Node => t.constant({ shape: [1, 16, 1, 1], data: new Float32Array(16).fill(value) });

  it.each<readonly [string, (part: Node<'conv2d'>, index: number) => Node]>([
    ['a different slope for each row phase', (part, index) => t.leakyRelu(part, index / 4)],
    ['a different bias for each row phase', (part, index) => t.add(part, biasOf(index))],
    ['a bias for one row phase only', (part, index) => (index === 0 ? part : t.add(part, biasOf(1)))],
    ['a different bias for each column phase', (part) => t.add(part, t.constant(randomTensor([1, 16, 1, 1], 3)))],
    ['a bias for each element', (part) => t.add(part, t.constant(randomTensor([1, 16, 4, 5], 3)))],
    [
      'a different input for each row phase',
      (part, index) => (index === 0 ? part : t.conv2d(t.tanh(y), part.inputs[1], part.params)),
    ],
    [
      'padding that no transposed convolution has',
      (part) =>
        t.conv2d(part.inputs[0], part.inputs[1], {
          ...part.params,
          padding: [part.params.padding[0], 2, part.params.padding[2], 0],
        }),
    ],
    ['weights that are not constant', (part) => t.conv2d(part.inputs[0], t.tanh(part.inputs[1]), part.params)],
  ])('leaves convolutions with %s', (_name, change) => {
    const other = withChangedPhases(change);
    const back = restored(other);
    const feeds = new Map([['y', randomTensor(y.shape, 7)]]);
    expect(operations(back)).not.toContain('conv2dInputGradient');
    expect(evaluateByDefinition(back, feeds).values).toEqual(evaluateByDefinition(other, feeds).values);
  });
});
