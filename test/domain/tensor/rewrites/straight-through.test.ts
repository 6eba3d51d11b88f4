import { expect, it } from '@jest/globals';
import { createReferenceEngine } from '../../../../src/adapters/reference/reference-engine.js';
import * as t from '../../../../src/domain/tensor/node-builders.js';
import { gradients } from '../../../../src/domain/tensor/gradient.js';
import { straightThrough } from '../../../../src/domain/tensor/rewrites/straight-through.js';
import { tensor } from '../../../support/tensor/graph-cases.js';

it('keeps the values of comparisons and gives them the gradient of a sigmoid', async () => {
  const x = t.input('x', [4]) as ReturnType<typeof t.input> & { readonly op: 'input' };
  const argmax = t.multiply(t.greaterOrEqual(x, t.max(x)), 3);
  const hard = {
    name: 'hard',
    feeds: [x],
    state: [],
    metrics: [{ name: 'y', node: t.add(argmax, t.greater(x, 0.5)) }],
  };
  const soft = straightThrough(hard);
  const feeds = new Map([['x', tensor([4], 0.25, 2, -1, 0.5)]]);
  const run = async (node: typeof argmax) => {
    const program = { name: 'p', feeds: [x], state: [], metrics: [{ name: 'y', node }] };
    return [...(await (await createReferenceEngine().compile(program)).step(feeds)).get('y')!.data];
  };
  expect(await run(soft.metrics[0]!.node)).toEqual([0, 4, 0, 0]);
  expect(await run(hard.metrics[0]!.node)).toEqual([0, 4, 0, 0]);
  const compared = straightThrough({ ...hard, metrics: [{ name: 'y', node: t.greater(x, 0.5) }] }).metrics[0]!.node;
  const [slope] = gradients(t.asScalar(t.sum(compared)), [x]);
  const expected = [0.25, 2, -1, 0.5].map((value) => {
    const s = 1 / (1 + Math.exp(0.5 - value));
    return s * (1 - s);
  });
  (await run(slope!)).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
});

it('gives an argmax the gradient of a softmax, and none to comparisons that stay hard', async () => {
  const x = t.input('x', [1, 3]) as ReturnType<typeof t.input> & { readonly op: 'input' };
  const largest = t.greaterOrEqual(x, t.max(x, [1]));
  const before = t.constant(tensor([3, 3], 0, 1, 1, 0, 0, 1, 0, 0, 0));
  const first = t.multiply(largest, t.greater(0.5, t.matmul(largest, before)));
  const hard = { name: 'hard', feeds: [x], state: [], metrics: [{ name: 'y', node: first }] };
  const soft = straightThrough(hard).metrics[0]!.node;
  const third = t.asScalar(t.sum(t.slice(soft, [0, 2], [1, 3])));
  const [slope] = gradients(third, [x]);
  const values = [2, 2, 0.5];
  const run = async (node: typeof first) => {
    const program = { name: 'p', feeds: [x], state: [], metrics: [{ name: 'y', node }] };
    const engine = await createReferenceEngine().compile(program);
    return [...(await engine.step(new Map([['x', tensor([1, 3], ...values)]]))).get('y')!.data];
  };
  (await run(soft)).forEach((value, i) => expect(value).toBeCloseTo([1, 0, 0][i]!, 6));
  const powers = values.map(Math.exp);
  const p = powers.map((power) => power / powers.reduce((a, b) => a + b));
  const expected = p.map((own, i) => p[2]! * (Number(i === 2) - own));
  (await run(slope!)).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));

  const stays = straightThrough(hard, () => true).metrics[0]!.node;
  expect(await run(stays)).toEqual([1, 0, 0]);
  expect(await run(gradients(t.asScalar(t.sum(stays)), [x])[0]!)).toEqual([0, 0, 0]);
});
