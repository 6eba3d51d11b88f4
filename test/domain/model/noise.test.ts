import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  slerp,
  drawNoise,
  latinHypercubeNoises,
  interpolateNoise,
  type Noise,
} from '../../../src/domain/model/noise.js';
import { normalQuantile } from '../../../src/domain/model/normal-quantile.js';
import { normals, randomStream } from '../../../src/domain/random.js';

const SHAPES = new Map([
  ['tune', [5]],
  ['local', [3, 2, 8]],
]);
const numbers = (noise: Noise): number[] => [...noise.values()].flatMap(({ data }) => [...data]);
const norm = (values: readonly number[]): number => Math.hypot(...values);

describe('the noise of a tune', () => {
  it('is a tensor for each input, a function of seed, tune and attempt', () => {
    const draw = (seed: number, index: number, attempt = 0) => drawNoise(SHAPES, { seed, index, attempt });
    expect([...draw(3, 0)].map(([name, { shape, data }]) => [name, shape, data.length])).toEqual([
      ['tune', [5], 5],
      ['local', [3, 2, 8], 48],
    ]);
    expect(draw(3, 0)).toEqual(draw(3, 0));
    const others = [draw(4, 0), draw(3, 1), draw(3, 0, 1), draw(3, 0, 2), draw(3, 1, 1)].map((n) => numbers(n).join());
    expect(new Set([numbers(draw(3, 0)).join(), ...others]).size).toBe(6);
  });

  it('is of one input what seeds have always given', () => {
    const noise = drawNoise(new Map([['noise', [7, 2, 8]]]), { seed: 9, index: 4 });
    expect(noise.get('noise')!.data).toEqual(normals(randomStream(9, 'noise', 4), 112));
  });

  it('with a truncation has no larger number, and the same ones where they were within', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0.05, max: 4, noNaN: true }), (seed, truncation) => {
        const [free, bound] = [
          drawNoise(SHAPES, { seed, index: 0 }),
          drawNoise(SHAPES, { seed, index: 0, truncation }),
        ];
        const [was, is] = [numbers(free), numbers(bound)];
        is.forEach((value, i) => {
          expect(Math.abs(value)).toBeLessThanOrEqual(Math.fround(truncation) + 1e-6);
          if (Math.abs(was[i]!) < truncation) expect(value).toBe(was[i]);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('between two noises', () => {
  const [a, b] = [drawNoise(SHAPES, { seed: 1, index: 0 }), drawNoise(SHAPES, { seed: 2, index: 0 })];
  const angle = (x: readonly number[], y: readonly number[]): number =>
    Math.acos(x.reduce((sum, value, i) => sum + value * y[i]!, 0) / norm(x) / norm(y));

  it('are both ends themselves', () => {
    expect(slerp(a, b, 0)).toEqual(a);
    expect(slerp(a, b, 1)).toEqual(b);
  });

  it('the way goes at constant speed along the circle and keeps its distance from the origin', () => {
    const unit = (noise: Noise): Noise => {
      const length = norm(numbers(noise));
      return new Map([...noise].map(([name, t]) => [name, { ...t, data: t.data.map((x) => x / length) }]));
    };
    const [from, to] = [unit(a), unit(b)];
    const whole = angle(numbers(from), numbers(to));
    for (const t of [0.125, 0.5, 0.8]) {
      const point = numbers(slerp(from, to, t));
      expect(norm(point)).toBeCloseTo(1, 5);
      expect(angle(numbers(from), point)).toBeCloseTo(t * whole, 5);
      expect(angle(numbers(to), point)).toBeCloseTo((1 - t) * whole, 5);
    }
  });

  it('there is a way where both are the same, or one is nothing', () => {
    const zero: Noise = new Map([...a].map(([name, t]) => [name, { ...t, data: t.data.map(() => 0) }]));
    numbers(slerp(a, a, 0.3)).forEach((x, i) => expect(x).toBeCloseTo(numbers(a)[i]!, 5));
    expect(numbers(slerp(a, zero, 0.5)).every(Number.isFinite)).toBe(true);
  });
});

describe('numbers without a slope', () => {
  const shapes = new Map([['noise', [4]]]);
  const [a, b] = [drawNoise(shapes, { seed: 1, index: 0 }), drawNoise(shapes, { seed: 2, index: 0 })];
  const slopedAt = (...data: readonly number[]): Noise =>
    new Map([['noise', { shape: [4], data: Float32Array.from(data) }]]);

  it('stay up to the middle of the way to another noise, and are its own from there on; others go as between', () => {
    for (const t of [0, 0.2, 0.5, 0.7, 1]) {
      const [free, is] = [slerp(a, b, t), interpolateNoise(a, b, t, slopedAt(0, 1, 0, 1))].map(numbers);
      const own = numbers(t <= 0.5 ? a : b);
      expect(is).toEqual([own[0], free![1], own[2], free![3]]);
    }
    expect(interpolateNoise(a, b, 1, slopedAt(0, 1, 0, 1))).toEqual(b);
  });

  it('are spread over all quantiles, one draw in each; the others stay', () => {
    const draws = latinHypercubeNoises(a, slopedAt(0, 1, 0, 1), 10).map(numbers);
    const strata = Array.from({ length: 10 }, (_, i) => Math.fround(normalQuantile((i + 0.5) / 10)));
    for (const at of [0, 2]) expect(draws.map((z) => z[at]!).sort((x, y) => x - y)).toEqual(strata);
    for (const at of [1, 3]) expect(new Set(draws.map((z) => z[at]))).toEqual(new Set([numbers(a)[at]]));
    expect(draws.map((z) => z[0])).not.toEqual(draws.map((z) => z[2]));
    expect(latinHypercubeNoises(a, slopedAt(0, 1, 0, 1), 10).map(numbers)).toEqual(draws);
    expect(latinHypercubeNoises(a, slopedAt(1, 1, 1, 1), 10)).toEqual([]);
  });
});
