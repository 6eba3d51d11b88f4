import { beforeAll, expect, it } from '@jest/globals';
import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import {
  createNoiseSearchFactory,
  type NoiseSearch,
  type NoiseSearchPorts,
} from '../../../src/app/complete/complete.js';
import type { Noise } from '../../../src/domain/model/noise.js';
import { normalQuantile } from '../../../src/domain/model/normal-quantile.js';
import * as t from '../../../src/domain/tensor/node-builders.js';
import type { Node } from '../../../src/domain/tensor/op.js';
import type { Program } from '../../../src/domain/tensor/program.js';
import { tinyMetadata } from '../../support/model/tiny-generator.js';
import { recordingConsole } from '../../support/fakes/recording-console.js';
import { tensor } from '../../support/tensor/graph-cases.js';

const PLANS = 64;
const CELLS = 16;
const edge = (i: number): number => (i === 0 ? -1e9 : i === PLANS ? 1e9 : normalQuantile(i / PLANS));

/** The first number of the noise chooses one of 64 rolls by comparisons; the other two change its probabilities. */
function choosingGenerator(): Program {
  const noise = t.input('noise', [1, 3]) as Node<'input'>;
  const chooser = t.slice(noise, [0, 0], [1, 1]);
  const edges = (from: number): Node =>
    t.constant(tensor([1, PLANS], ...Array.from({ length: PLANS }, (_, i) => edge(i + from))));
  const chosen = t.subtract(t.greater(chooser, edges(0)), t.greater(chooser, edges(1)));
  const planRolls = Array.from({ length: PLANS * CELLS }, (_, i) => (Math.sin(i * i + i / 7) > 0 ? 2 : -2));
  const shades = Array.from({ length: 2 * CELLS }, (_, i) => Math.cos(i * 2.3));
  const logits = t.add(
    t.matmul(chosen, t.constant(tensor([PLANS, CELLS], ...planRolls))),
    t.matmul(t.slice(noise, [0, 1], [1, 3]), t.constant(tensor([2, CELLS], ...shades))),
  );
  const roll = t.sigmoid(t.reshape(logits, [1, 1, 2, 8]));
  return { name: 'choosing', feeds: [noise], state: [], metrics: [{ name: 'roll', node: roll }] };
}

const noiseOf = (...data: readonly number[]): Noise => new Map([['noise', tensor([3], ...data)]]);
const planOf = (noise: Noise): number =>
  Array.from({ length: PLANS }, (_, i) => i).findIndex((i) => noise.get('noise')!.data[0]! <= edge(i + 1));

let search: NoiseSearch;
let draw: (noise: Noise) => Promise<Float32Array>;
beforeAll(async () => {
  const engine = await createReferenceEngine().compile(choosingGenerator());
  draw = async (noise) => {
    const feeds = new Map([['noise', tensor([1, 3], ...noise.get('noise')!.data)]]);
    return (await engine.step(feeds)).get('roll')!.data as Float32Array;
  };
  const found = createNoiseSearchFactory({
    modelFormat: { readGenerator: choosingGenerator },
    engines: { names: ['reference'], open: async () => ({ engine: createReferenceEngine(), notice: '' }) },
    machine: { facts: () => ({ cores: 1 }) },
    console: recordingConsole(),
    signal: new AbortController().signal,
  } as unknown as NoiseSearchPorts);
  search = await found.open(new Uint8Array(), 'cpu', draw);
});

it.each([3, 37, 60])(
  'finds plan %i of 64, which has no gradient, for a whole tune and for some columns',
  async (plan) => {
    const probabilities = await draw(noiseOf(normalQuantile((plan + 0.3) / PLANS), 0.7, -0.4));
    const roll = { format: tinyMetadata.rollFormat, cells: Uint8Array.from(probabilities, (p) => Number(p >= 0.5)) };
    const start = noiseOf(0.01, -0.3, 0.5);
    const whole = await search.findNoise({ roll }, [start], noiseOf(0, 0, 0));
    expect(whole.likeness).toBe(1);
    expect(planOf(whole.noise)).toBe(plan);
    expect([...whole.gradientMask.get('noise')!.data]).toEqual([0, 1, 1]);
    const part = await search.findNoise({ roll, columns: { from: 0, to: 6 } }, [start], start);
    expect(part.likeness).toBe(1);
    const [found, other] = [await draw(part.noise), await draw(whole.noise)];
    const kept = (rolls: Float32Array): number[] =>
      [...rolls].filter((_, at) => at % 8 < 6).map((p) => Number(p >= 0.5));
    expect(kept(found)).toEqual(kept(other));
  },
);
