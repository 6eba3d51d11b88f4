import fc from 'fast-check';
import * as t from '../../../src/domain/tensor/node-builders.js';
import { gradients } from '../../../src/domain/tensor/gradient.js';
import type { Node } from '../../../src/domain/tensor/op.js';
import { randomTensor, type GraphCase } from './graph-cases.js';

/** From nodes of shape [2, 3] to another one; values stay small, and nothing jumps, so that rounding stays rounding. */
const moves: readonly ((a: Node, b: Node) => Node)[] = [
  (a, b) => t.tanh(t.add(a, b)),
  (a, b) => t.subtract(a, t.multiply(b, 0.5)),
  (a, b) => t.multiply(t.tanh(a), b),
  (a, b) => t.divide(a, t.add(t.square(b), 1)),
  (a) => t.sigmoid(a),
  (a, b) => t.softplus(t.subtract(a, b)),
  (a) => t.log(t.add(t.exp(t.tanh(a)), 1)),
  (a) => t.sqrt(t.add(t.square(a), 0.5)),
  (a, b) => t.tanh(t.matmul(t.matmul(a, b, { transposeB: true }), a)),
  (a, b) => t.tanh(t.matmul(b, t.matmul(a, b, { transposeA: true }))),
  (a) => t.add(t.sum(a, [0]), t.mean(a, [1])),
  (a, b) => t.slice(t.concat([a, b], 1), [0, 2], [2, 5]),
  (a) => t.slice(t.pad(a, [1, 0], [0, 1]), [0, 1], [2, 4]),
  (a) => t.reshape(t.transpose(a, [1, 0]), [2, 3]),
  (a, b) => t.add(a, t.broadcast(t.reshape(t.slice(b, [0, 1], [2, 2]), [2, 1]), [2, 3])),
  (a, b) => smallConv(a, b),
];

/** A result, and the gradients of the sum of its squares to both inputs, as cases. */
export const randomGraph: fc.Arbitrary<readonly GraphCase[]> = fc
  .array(fc.tuple(fc.nat(moves.length - 1), fc.nat(), fc.nat()), { minLength: 1, maxLength: 8 })
  .map((recipe) => {
    const inputs = [t.input('a', [2, 3]), t.input('b', [2, 3])];
    const pool: Node[] = [...inputs];
    for (const [move, left, right] of recipe) {
      // Later nodes are likelier, so that graphs grow deep as well as wide.
      pool.push(moves[move]!(pool[pool.length - 1 - (left % Math.min(pool.length, 2))]!, pool[right % pool.length]!));
    }
    const result = pool[pool.length - 1]!;
    const feeds = new Map([
      ['a', randomTensor([2, 3], 41, -1, 1)],
      ['b', randomTensor([2, 3], 42, -1, 1)],
    ]);
    const name = recipe.map(([move]) => move).join(' ');
    const slopes = gradients(t.sum(t.square(result)), inputs);
    return [
      { name, node: result, feeds },
      ...slopes.map((node, i) => ({ name: `${name}, gradient to ${'ab'[i]}`, node, feeds })),
    ];
  });

function smallConv(a: Node, b: Node): Node {
  const [image, kernel] = [t.reshape(a, [1, 1, 2, 3]), t.reshape(b, [1, 1, 2, 3])];
  const y = t.conv2d(image, kernel, { inputSize: [2, 3], kernel: [2, 3], stride: [1, 1], padding: [1, 1, 0, 1] });
  return t.tanh(t.reshape(y, [2, 3]));
}
