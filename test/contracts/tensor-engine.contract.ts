import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { ShapeError, UnfedInputError } from '../../src/domain/errors.js';
import { add, input, matmul, multiply, sigmoid, subtract, sum, tanh } from '../../src/domain/tensor/node-builders.js';
import type { Node, OpKind } from '../../src/domain/tensor/op.js';
import type { Program } from '../../src/domain/tensor/program.js';
import type { NamedTensors, Tensor } from '../../src/domain/tensor/tensor.js';
import type { TensorEngine } from '../../src/ports/tensor-engine.js';
import { handComputedCases } from '../support/tensor/hand-computed-cases.js';
import { evaluateByDefinition } from '../support/tensor/definitions.js';
import { randomTensor, tensor, type GraphCase } from '../support/tensor/graph-cases.js';
import { operationCases } from '../support/tensor/operation-cases.js';
import { randomGraph } from '../support/tensor/random-graph.js';

/** Every promise of src/ports/tensor-engine.ts. */
export function tensorEngineContract(name: string, make: () => TensorEngine): void {
  describe(`TensorEngine contract: ${name}`, () => {
    describe('gives the values of each operation’s definition', () => {
      const ops = Object.keys(operationCases) as OpKind[];
      it.each(ops)('%s', async (op) => {
        for (const example of operationCases[op]) await expectMatchesDefinition(make(), example);
      });
      it('as worked out by hand', async () => {
        for (const [example, want] of handComputedCases) await expectValues(make(), example, want);
      });
      it('in graphs of many operations, and their gradients', async () => {
        await fc.assert(
          fc.asyncProperty(randomGraph, async (graph) => {
            for (const example of graph) await expectMatchesDefinition(make(), example, 30);
          }),
          { numRuns: 20 },
        );
      }, 60_000);
    });

    describe('keeps state between steps', () => {
      it('n steps equal n times one step with the state carried by hand', async () => {
        const engine = make();
        const resident = await engine.compile(learner);
        await resident.load(start);
        const byHand = await engine.compile(learner);
        let state: NamedTensors = start;
        for (let step = 0; step < 4; step++) {
          await byHand.load(state);
          const metrics = await byHand.step(learnerFeeds(step));
          state = await byHand.read();
          expect(bitPatterns(await resident.step(learnerFeeds(step)))).toEqual(bitPatterns(metrics));
        }
        expect(bitPatterns(await resident.read())).toEqual(bitPatterns(state));
        expect(state.get('weights')!.data).not.toEqual(start.get('weights')!.data);
        await Promise.all([resident.release(), byHand.release()]);
      });

      it('slots that swap, stay or take a feed do so at once', async () => {
        const compiled = await make().compile(stateSwapProgram);
        const start = {
          left: tensor([2], 1, 2),
          right: tensor([2], 3, 4),
          still: tensor([], 5),
          last: tensor([2], 6, 7),
        };
        await compiled.load(new Map(Object.entries(start)));
        const metrics = await compiled.step(new Map([['given', tensor([2], 8, 9)]]));
        expect([...metrics.get('left before')!.data]).toEqual([1, 2]);
        expect([...metrics.get('left after')!.data]).toEqual([3, 4]);
        const state = await compiled.read();
        const values = Object.keys(start).map((slot) => [...state.get(slot)!.data]);
        expect(values).toEqual([[3, 4], [1, 2], [5], [8, 9]]);
        await compiled.release();
      });

      it('load replaces the whole state', async () => {
        const compiled = await make().compile(learner);
        await compiled.load(start);
        const first = await compiled.step(learnerFeeds(0));
        await compiled.step(learnerFeeds(1));
        await compiled.load(start);
        expect(bitPatterns(await compiled.read())).toEqual(bitPatterns(start));
        expect(bitPatterns(await compiled.step(learnerFeeds(0)))).toEqual(bitPatterns(first));
        await compiled.release();
      });
    });

    it('equal state and feeds give equal bytes', async () => {
      const runs = [];
      for (let run = 0; run < 2; run++) {
        const compiled = await make().compile(learner);
        await compiled.load(start);
        const metrics = [await compiled.step(learnerFeeds(0)), await compiled.step(learnerFeeds(1))];
        runs.push([...metrics, await compiled.read()].map(bitPatterns));
        await compiled.release();
      }
      expect(runs[1]).toEqual(runs[0]);
    });

    it('leaves feeds and loaded tensors as they were, and later changes to them change nothing', async () => {
      const compiled = await make().compile(learner);
      const [state, feeds] = [copyOf(start), copyOf(learnerFeeds(0))];
      await compiled.load(state);
      state.forEach(({ data }) => data.fill(99));
      const metrics = await compiled.step(feeds);
      expect(bitPatterns(feeds)).toEqual(bitPatterns(learnerFeeds(0)));
      const before = bitPatterns(metrics);
      feeds.forEach(({ data }) => data.fill(99));
      expect(bitPatterns(metrics)).toEqual(before);

      const untouched = await make().compile(learner);
      await untouched.load(start);
      expect(bitPatterns(await untouched.step(learnerFeeds(0)))).toEqual(before);
      const next = await untouched.step(learnerFeeds(1));
      expect(bitPatterns(await compiled.step(learnerFeeds(1)))).toEqual(bitPatterns(next));
      await Promise.all([compiled.release(), untouched.release()]);
    });

    it('read gives a copy', async () => {
      const compiled = await make().compile(learner);
      await compiled.load(start);
      const before = bitPatterns(await compiled.read());
      (await compiled.read()).forEach(({ data }) => data.fill(99));
      expect(bitPatterns(await compiled.read())).toEqual(before);
      await compiled.step(learnerFeeds(0));
      const after = await compiled.read();
      const kept = bitPatterns(after);
      await compiled.step(learnerFeeds(1));
      expect(bitPatterns(after)).toEqual(kept);
      await compiled.release();
    });

    describe('rejects what is missing or of another shape', () => {
      const without = (tensors: NamedTensors, key: string): NamedTensors =>
        new Map([...tensors].filter(([k]) => k !== key));
      const turned = (tensors: NamedTensors, key: string): NamedTensors =>
        new Map([...tensors, [key, tensor([3, 1, 1], 1, 2, 3)]]);

      it('a missing feed', async () => {
        const compiled = await make().compile(learner);
        await compiled.load(start);
        await expect(compiled.step(without(learnerFeeds(0), 'x'))).rejects.toThrow(new UnfedInputError('x'));
        await compiled.release();
      });
      it('a missing state tensor', async () => {
        const compiled = await make().compile(learner);
        await expect(compiled.load(without(start, 'weights'))).rejects.toThrow(new UnfedInputError('weights'));
        await compiled.release();
      });
      it('a feed of another shape', async () => {
        const compiled = await make().compile(learner);
        await compiled.load(start);
        await expect(compiled.step(turned(learnerFeeds(0), 'x'))).rejects.toThrow(ShapeError);
        await compiled.release();
      });
      it('a state tensor of another shape', async () => {
        const compiled = await make().compile(learner);
        await expect(compiled.load(turned(start, 'weights'))).rejects.toThrow(ShapeError);
        await compiled.release();
      });
    });
  });
}

/** Two layers that learn by descending a hand-written slope: small, with feeds, state and metrics of several shapes. */
const x = input('x', [4, 3]);
const weights = input('weights', [3, 2]);
const count = input('count', []);
const y = tanh(matmul(x, weights));
const learner: Program = {
  name: 'learner',
  feeds: [x],
  state: [
    {
      name: 'weights',
      current: weights,
      next: subtract(weights, multiply(matmul(x, sigmoid(y), { transposeA: true }), 0.1)),
    },
    { name: 'count', current: count, next: add(count, 1) },
  ],
  metrics: [
    { name: 'y', node: y },
    { name: 'total', node: sum(y) },
    { name: 'total again', node: sum(y) },
  ],
};
const start: NamedTensors = new Map([
  ['weights', randomTensor([3, 2], 21)],
  ['count', tensor([], 0)],
]);
const learnerFeeds = (step: number): NamedTensors => new Map([['x', randomTensor([4, 3], 30 + step)]]);

const [left, right, still, last] = [input('left', [2]), input('right', [2]), input('still', []), input('last', [2])];
const given = input('given', [2]);
const stateSwapProgram: Program = {
  name: 'juggler',
  feeds: [given],
  state: [
    { name: 'left', current: left, next: right },
    { name: 'right', current: right, next: left },
    { name: 'still', current: still, next: still },
    { name: 'last', current: last, next: given },
  ],
  metrics: [
    { name: 'left before', node: left },
    { name: 'left after', node: right },
  ],
};

const copyOf = (tensors: NamedTensors): NamedTensors =>
  new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));

/** For comparing: names in order, values bit for bit. */
const bitPatterns = (tensors: NamedTensors): unknown =>
  [...tensors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { shape, data }]) => [name, [...shape], Buffer.from(data.slice().buffer).toString('hex')]);

const expectMatchesDefinition = (engine: TensorEngine, example: GraphCase, roundings = 1): Promise<void> =>
  expectValues(engine, example, evaluateByDefinition(example.node, example.feeds).values, roundings);

/** Of float32. What is smaller a device may take for 0, as GPUs do. */
const SMALLEST_NORMAL = 2 ** -126;

/** `roundings`: how many operations one after the other may each be off by the engine's tolerance. */
async function expectValues(
  engine: TensorEngine,
  example: GraphCase,
  want: readonly number[],
  roundings = 1,
): Promise<void> {
  const got = await valueOf(engine, example.node, example.feeds);
  // What small results of long sums of larger numbers lose is no fault of the engine.
  const scale = Math.max(roundings > 1 ? 0.01 : 0, ...want.map(Math.abs));
  const allowed = roundings * (engine.tolerance * scale + SMALLEST_NORMAL) + 2 ** -24 * scale;
  const worst = want.findIndex((value, i) => !(Math.abs(got.data[i]! - Math.fround(value)) <= allowed));
  const at = worst < 0 ? 'everywhere' : `at ${worst}: ${got.data[worst]} for ${want[worst]}`;
  expect({ case: example.name, shape: [...got.shape], size: got.data.length, right: at }).toEqual({
    case: example.name,
    shape: [...example.node.shape],
    size: want.length,
    right: 'everywhere',
  });
}

async function valueOf(engine: TensorEngine, node: Node, feeds: NamedTensors): Promise<Tensor> {
  const inputs = [...feeds].map(([name, { shape }]) => input(name, shape));
  const program: Program = { name: 'case', feeds: inputs, state: [], metrics: [{ name: 'result', node }] };
  const compiled = await engine.compile(program);
  const result = (await compiled.step(feeds)).get('result')!;
  await compiled.release();
  return result;
}
