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

const by = (rewrite: (program: Program) => Program, node: Node): Node =>
  rewrite({ name: 'case', feeds: [], state: [], metrics: [{ name: 'y', node }] }).metrics[0]!.node;
const dense = (node: Node): Node => by(decomposeTransposedConvolutions, node);
const again = (node: Node): Node => by(restoreTransposedConvolutions, node);
const operations = (node: Node): readonly string[] => topologicalOrder([node]).map(({ op }) => op);
/** The only transposed convolution that a node reaches. */
const transposed = (node: Node): Node<'conv2dInputGradient'> | undefined =>
  topologicalOrder([node]).find((each) => each.op === 'conv2dInputGradient') as Node<'conv2dInputGradient'> | undefined;

describe('dense convolutions as transposed ones again', () => {
  it('are what they were: kernels, numbers of channels, and how they slide over what is drawn', () => {
    fc.assert(
      fc.property(arbitraryWholeStrideConvs, fc.constantFrom(8, 16), fc.nat(3), (slide, channels, after) => {
        const y = randomTensor([2, 3, ...outputSize(slide)], 7);
        const w = randomTensor([3, channels, ...slide.kernel], 9);
        const bias = t.reshape(t.constant(randomTensor([channels], 11)), [1, channels, 1, 1]);
        const drawn = t.conv2dInputGradient(t.input('y', y.shape), t.constant(w), slide);
        const node = [
          drawn,
          t.add(drawn, bias),
          t.leakyRelu(t.add(drawn, bias), 0.2),
          t.leakyRelu(t.leakyRelu(t.add(t.leakyRelu(drawn, 0.5), bias), 0.2), 0.1),
        ][after]!;
        const [between, back] = [dense(node), again(dense(node))];
        const feeds = new Map([['y', y]]);
        const [want, got] = [node, back].map((each) => evaluateByDefinition(each, feeds));
        expect(got!.shape).toEqual(want!.shape);
        got!.values.forEach((value, i) => expect(value).toBeCloseTo(want!.values[i]!, 9));
        if (operations(between).includes('conv2dInputGradient')) return; // it stayed as it was
        const { params, inputs } = transposed(back)!;
        expect(operations(back)).not.toContain('conv2d');
        expect(params).toEqual(slide);
        expect((inputs[1] as Node<'constant'>).params.value).toEqual(w);
      }),
      { numRuns: 25 },
    );
  });

  const upscale: ConvGeometry = { inputSize: [8, 8], kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] };
  const y = t.input('y', [1, 3, 4, 4]);

  it('are found one after the other', () => {
    const next: ConvGeometry = { ...upscale, inputSize: [16, 16] };
    const [w, v] = [randomTensor([3, 8, 4, 4], 9), randomTensor([8, 8, 4, 4], 5)].map((value) => t.constant(value));
    const drawn = t.conv2dInputGradient(t.leakyRelu(t.conv2dInputGradient(y, w!, upscale), 0.2), v!, next);
    expect(operations(again(dense(drawn)))).toEqual(operations(drawn));
  });

  /** The operations of a transposed convolution written as two dense ones, one of them changed. */
  const withOther = (change: (part: Node<'conv2d'>, index: number) => Node): Node => {
    const drawn = t.conv2dInputGradient(y, t.constant(randomTensor([3, 8, 4, 4], 9)), upscale);
    let index = 0;
    const made = new Map<Node, Node>();
    for (const each of topologicalOrder([dense(drawn)])) {
      const inputs = each.inputs.map((input) => made.get(input)!);
      const rebuilt = t.node(each.op, inputs as never, each.params as never) as Node;
      made.set(each, rebuilt.op === 'conv2d' ? change(rebuilt, index++) : rebuilt);
    }
    return [...made.values()].at(-1)!;
  };
  const ofBoth = (value: number): Node => t.constant({ shape: [1, 16, 1, 1], data: new Float32Array(16).fill(value) });

  it.each<readonly [string, (part: Node<'conv2d'>, index: number) => Node]>([
    ['another slope for each row', (part, index) => t.leakyRelu(part, index / 4)],
    ['another bias for each row', (part, index) => t.add(part, ofBoth(index))],
    ['a bias for one row only', (part, index) => (index === 0 ? part : t.add(part, ofBoth(1)))],
    ['another bias for each column', (part) => t.add(part, t.constant(randomTensor([1, 16, 1, 1], 3)))],
    ['a bias for each place', (part) => t.add(part, t.constant(randomTensor([1, 16, 4, 5], 3)))],
    [
      'another picture for each row',
      (part, index) => (index === 0 ? part : t.conv2d(t.tanh(y), part.inputs[1], part.params)),
    ],
    [
      'columns from further on the left',
      (part) =>
        t.conv2d(part.inputs[0], part.inputs[1], {
          ...part.params,
          padding: [part.params.padding[0], 2, part.params.padding[2], 0],
        }),
    ],
    ['weights that are no constant', (part) => t.conv2d(part.inputs[0], t.tanh(part.inputs[1]), part.params)],
  ])('are left as they are with %s', (_name, change) => {
    const other = withOther(change);
    const back = again(other);
    const feeds = new Map([['y', randomTensor(y.shape, 7)]]);
    expect(operations(back)).not.toContain('conv2dInputGradient');
    expect(evaluateByDefinition(back, feeds).values).toEqual(evaluateByDefinition(other, feeds).values);
  });
});
