import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { between, drawNoise, type Noise } from '../../../src/domain/model/noise.js';
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
    expect(between(a, b, 0)).toEqual(a);
    expect(between(a, b, 1)).toEqual(b);
  });

  it('the way goes at constant speed along the circle and keeps its distance from the origin', () => {
    const unit = (noise: Noise): Noise => {
      const length = norm(numbers(noise));
      return new Map([...noise].map(([name, t]) => [name, { ...t, data: t.data.map((x) => x / length) }]));
    };
    const [from, to] = [unit(a), unit(b)];
    const whole = angle(numbers(from), numbers(to));
    for (const t of [0.125, 0.5, 0.8]) {
      const point = numbers(between(from, to, t));
      expect(norm(point)).toBeCloseTo(1, 5);
      expect(angle(numbers(from), point)).toBeCloseTo(t * whole, 5);
      expect(angle(numbers(to), point)).toBeCloseTo((1 - t) * whole, 5);
    }
  });

  it('there is a way where both are the same, or one is nothing', () => {
    const zero: Noise = new Map([...a].map(([name, t]) => [name, { ...t, data: t.data.map(() => 0) }]));
    numbers(between(a, a, 0.3)).forEach((x, i) => expect(x).toBeCloseTo(numbers(a)[i]!, 5));
    expect(numbers(between(a, zero, 0.5)).every(Number.isFinite)).toBe(true);
  });
});
