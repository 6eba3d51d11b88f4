import { describe, expect, it } from '@jest/globals';
import * as t from '../../../src/domain/tensor/node-builders.js';
import { countMultiplyAdds, countOps, printProgram } from '../../../src/domain/tensor/print-program.js';
import type { Program } from '../../../src/domain/tensor/program.js';
import { tensor } from '../../support/tensor/graph-cases.js';

const createProgram = (): Program => {
  const x = t.input('x', [2, 3, 4, 8]);
  const weight = t.input('discriminator.1.conv.weight', [5, 3, 4, 4]);
  const y = t.conv2d(x, weight, { inputSize: [4, 8], kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] });
  const flat = t.reshape(t.leakyRelu(y, 0.2), [2, 40]);
  const total = t.sum(t.matmul(flat, flat, { transposeB: true }), [0, 1]);
  return {
    name: 'small',
    feeds: [x],
    state: [{ name: 'discriminator.1.conv.weight', current: weight, next: t.multiply(weight, 0.9) }],
    metrics: [{ name: 'total', node: t.add(total, t.constant(tensor([1, 1], 0.1))) }],
  };
};

describe('printProgram', () => {
  it('writes one line for each node', () => {
    expect(printProgram(createProgram()).split('\n')).toEqual([
      'program small',
      'feed x [2, 3, 4, 8]',
      'state discriminator.1.conv.weight [5, 3, 4, 4]',
      '%0 [2, 5, 2, 4] = conv2d(x, discriminator.1.conv.weight) kernel 4x4 stride 2x2 padding 1 1 1 1',
      '%1 [2, 5, 2, 4] = leakyRelu(%0) slope 0.2',
      '%2 [2, 40] = reshape(%1)',
      '%3 [2, 2] = matmul(%2, %2) transposeB',
      '%4 [1, 1] = sum(%3) axes 0 1',
      '%5 [1, 1] = constant 0.1',
      '%6 [1, 1] = add(%4, %5)',
      '%7 [5, 3, 4, 4] = multiply(discriminator.1.conv.weight, 0.9)',
      'metric total [1, 1] = %6',
      'next discriminator.1.conv.weight = %7',
      '11 nodes: 2 constant, 2 input, 1 add, 1 conv2d, 1 leakyRelu, 1 matmul, 1 multiply, 1 reshape, 1 sum',
      '4000 multiply-adds in matmul and convolutions', // 80 * 48 + 4 * 40
      '',
    ]);
  });

  it('gives equal texts for equal programs', () => {
    expect(printProgram(createProgram())).toBe(printProgram(createProgram()));
  });
});

describe('countMultiplyAdds', () => {
  it('is the same for the three convolutions of one geometry', () => {
    const geometry = { inputSize: [6, 7], kernel: [3, 2], stride: [2, 1], padding: [1, 0, 0, 1] } as const;
    const [x, w] = [t.input('x', [2, 3, 6, 7]), t.input('w', [4, 3, 3, 2])];
    const y = t.conv2d(x, w, geometry);
    const target = t.input('y', y.shape);
    const counts = [y, t.conv2dInputGradient(target, w, geometry), t.conv2dWeightGradient(x, target, geometry)].map(
      (node) => countMultiplyAdds({ name: '', feeds: [], state: [], metrics: [{ name: 'm', node }] }),
    );
    expect(y.shape).toEqual([2, 4, 3, 7]);
    expect(counts).toEqual([3024, 3024, 3024]); // 168 elements of y, 18 products each
  });

  it('counts operations, the most frequent first', () => {
    expect([...countOps(createProgram())][0]).toEqual(['constant', 2]);
  });
});
