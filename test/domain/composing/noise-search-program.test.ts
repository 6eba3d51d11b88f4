import { expect, it } from '@jest/globals';
import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import {
  noiseSearchProgram,
  NOISE_SEARCH_TENSORS,
  initialSearchState,
} from '../../../src/domain/composing/noise-search-program.js';
import { scalar, type Tensor } from '../../../src/domain/tensor/tensor.js';
import { tinyProbabilities, tinyGenerator } from '../../support/model/tiny-generator.js';
import { tensor } from '../../support/tensor/graph-cases.js';

const LEAST = 1e-3;
const Z = [0.3, -1.2, 0.8];
const CENTRE = [0.1, 0, -0.5];
const TARGET = Array.from({ length: 16 }, (_, i) => (i % 3 === 0 ? 1 : 0));
const WEIGHT = Array.from({ length: 16 }, (_, i) => (i < 8 ? 1 : 0));

/** By its definition. */
function lossAt(z: readonly number[]): number {
  const p = tinyProbabilities(Float32Array.from(z), 1);
  const misfit = TARGET.reduce<number>((sum, t, i) => {
    return sum - WEIGHT[i]! * (t * Math.log(p[i]! + LEAST) + (1 - t) * Math.log(1 - p[i]! + LEAST));
  }, 0);
  return misfit + z.reduce((sum, x, i) => sum + (x - CENTRE[i]!) ** 2 / 2, 0);
}

it('computes the loss as defined, lowers it step by step, and reports the noise of each loss', async () => {
  const program = await createReferenceEngine().compile(noiseSearchProgram(tinyGenerator()));
  const start: Tensor = tensor([3], ...Z);
  await program.load(initialSearchState(new Map([['noise', start]])));
  const step = async (rate: number) => {
    const feeds = new Map([
      [NOISE_SEARCH_TENSORS.target, tensor([1, 1, 2, 8], ...TARGET)],
      [NOISE_SEARCH_TENSORS.weight, tensor([1, 1, 2, 8], ...WEIGHT)],
      [NOISE_SEARCH_TENSORS.rate, scalar(rate)],
      [NOISE_SEARCH_TENSORS.center('noise'), tensor([1, 3], ...CENTRE)],
    ]);
    const metrics = await program.step(feeds);
    return [NOISE_SEARCH_TENSORS.loss, NOISE_SEARCH_TENSORS.iou, NOISE_SEARCH_TENSORS.evaluatedNoise('noise')].map(
      (name) => [...metrics.get(name)!.data],
    );
  };
  const [first, likeness, tried] = await step(0);
  expect(first![0]).toBeCloseTo(lossAt(Z), 4);
  expect(tried).toEqual([...Float32Array.from(Z)]);
  const sounds = [...tinyProbabilities(Float32Array.from(Z), 1)].map((p, i) => p >= 0.5 && i < 8);
  const wanted = TARGET.map((t, i) => t === 1 && i < 8);
  const both = sounds.filter((s, i) => s && wanted[i]).length;
  const either = sounds.filter((s, i) => s || wanted[i]).length;
  expect(likeness![0]).toBeCloseTo(both / either, 5);

  expect((await step(0.1))[2]).toEqual(tried); // a step of rate 0 went nowhere
  let last = Infinity;
  for (let i = 0; i < 200; i++) last = (await step(0.05))[0]![0]!;
  expect(last).toBeLessThan(0.8 * first![0]!);
  // Where it ends nothing nearby is better.
  const end = (await step(0))[2]!;
  const there = lossAt(end);
  for (let axis = 0; axis < 3; axis++) {
    for (const by of [0.2, -0.2]) expect(lossAt(end.map((x, i) => (i === axis ? x + by : x)))).toBeGreaterThan(there);
  }
});
