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

describe('drawNoise', () => {
  it('gives a tensor for each input, a function of seed, tune and attempt', () => {
    const draw = (seed: number, index: number, attempt = 0) => drawNoise(SHAPES, { seed, index, attempt });
    expect([...draw(3, 0)].map(([name, { shape, data }]) => [name, shape, data.length])).toEqual([
      ['tune', [5], 5],
      ['local', [3, 2, 8], 48],
    ]);
    expect(draw(3, 0)).toEqual(draw(3, 0));
    const others = [draw(4, 0), draw(3, 1), draw(3, 0, 1), draw(3, 0, 2), draw(3, 1, 1)].map((n) => numbers(n).join());
    expect(new Set([numbers(draw(3, 0)).join(), ...others]).size).toBe(6);
  });

  it('keeps the noise of earlier versions for networks with one input', () => {
    const noise = drawNoise(new Map([['noise', [7, 2, 8]]]), { seed: 9, index: 4 });
    expect(noise.get('noise')!.data).toEqual(normals(randomStream(9, 'noise', 4), 112));
  });

  it('redraws values beyond the truncation and keeps the others', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0.05, max: 4, noNaN: true }), (seed, truncation) => {
        const plain = numbers(drawNoise(SHAPES, { seed, index: 0 }));
        const truncated = numbers(drawNoise(SHAPES, { seed, index: 0, truncation }));
        truncated.forEach((value, i) => {
          expect(Math.abs(value)).toBeLessThanOrEqual(Math.fround(truncation) + 1e-6);
          if (Math.abs(plain[i]!) < truncation) expect(value).toBe(plain[i]);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('slerp', () => {
  const [a, b] = [drawNoise(SHAPES, { seed: 1, index: 0 }), drawNoise(SHAPES, { seed: 2, index: 0 })];
  const angle = (x: readonly number[], y: readonly number[]): number =>
    Math.acos(x.reduce((sum, value, i) => sum + value * y[i]!, 0) / norm(x) / norm(y));

  it('gives both noises themselves at 0 and 1', () => {
    expect(slerp(a, b, 0)).toEqual(a);
    expect(slerp(a, b, 1)).toEqual(b);
  });

  it('moves along the great circle at constant speed', () => {
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

  it('gives finite values for equal noises and for a noise of zeros', () => {
    const zero: Noise = new Map([...a].map(([name, t]) => [name, { ...t, data: t.data.map(() => 0) }]));
    numbers(slerp(a, a, 0.3)).forEach((x, i) => expect(x).toBeCloseTo(numbers(a)[i]!, 5));
    expect(numbers(slerp(a, zero, 0.5)).every(Number.isFinite)).toBe(true);
  });
});

describe('discontinuous elements', () => {
  const shapes = new Map([['noise', [4]]]);
  const [a, b] = [drawNoise(shapes, { seed: 1, index: 0 }), drawNoise(shapes, { seed: 2, index: 0 })];
  const continuity = (...data: readonly number[]): Noise =>
    new Map([['noise', { shape: [4], data: Float32Array.from(data) }]]);

  it('jump after the middle of an interpolation; continuous elements follow slerp', () => {
    for (const t of [0, 0.2, 0.5, 0.7, 1]) {
      const [smooth, mixed] = [slerp(a, b, t), interpolateNoise(a, b, t, continuity(0, 1, 0, 1))].map(numbers);
      const nearer = numbers(t <= 0.5 ? a : b);
      expect(mixed).toEqual([nearer[0], smooth![1], nearer[2], smooth![3]]);
    }
    expect(interpolateNoise(a, b, 1, continuity(0, 1, 0, 1))).toEqual(b);
  });

  it('of a Latin hypercube take each quantile once; continuous elements stay', () => {
    const draws = latinHypercubeNoises(a, continuity(0, 1, 0, 1), 10).map(numbers);
    const strata = Array.from({ length: 10 }, (_, i) => Math.fround(normalQuantile((i + 0.5) / 10)));
    for (const at of [0, 2]) expect(draws.map((z) => z[at]!).sort((x, y) => x - y)).toEqual(strata);
    for (const at of [1, 3]) expect(new Set(draws.map((z) => z[at]))).toEqual(new Set([numbers(a)[at]]));
    expect(draws.map((z) => z[0])).not.toEqual(draws.map((z) => z[2]));
    expect(latinHypercubeNoises(a, continuity(0, 1, 0, 1), 10).map(numbers)).toEqual(draws);
    expect(latinHypercubeNoises(a, continuity(1, 1, 1, 1), 10)).toEqual([]);
  });
});
