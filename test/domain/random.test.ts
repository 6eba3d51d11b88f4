import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { normals, permutation, philox, randomStream } from '../../src/domain/random.js';

const block = (counter: readonly number[], key: readonly number[]): string => {
  const out = new Uint32Array(4);
  philox(counter as [number, number, number, number], key as [number, number], out);
  return [...out].map((word) => word.toString(16).padStart(8, '0')).join(' ');
};

describe('philox', () => {
  // The known answers of Random123 (kat_vectors, philox4x32-10).
  it('gives the published test vectors', () => {
    const ones = 0xffffffff;
    expect(block([0, 0, 0, 0], [0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(block([ones, ones, ones, ones], [ones, ones])).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
    expect(block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    );
  });
});

describe('randomStream', () => {
  it('is a function of seed, stream and step, in all their bits', () => {
    const first = (seed: number, stream: 'noise' | 'weights', step: number): number =>
      randomStream(seed, stream, step).uint32();
    const drawn = [
      first(1, 'noise', 0),
      first(2, 'noise', 0),
      first(1, 'weights', 0),
      first(1, 'noise', 1),
      first(1 + 2 ** 32, 'noise', 0),
      first(1, 'noise', 2 ** 32),
    ];
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(first(1, 'noise', 0)).toBe(drawn[0]);
  });

  it('draws below n evenly', () => {
    const random = randomStream(1, 'tests');
    const counts = new Uint32Array(6);
    for (let i = 0; i < 6000; i++) counts[random.below(6)]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(130); // four and a half standard deviations
  });

  it('draws standard normals', () => {
    const drawn = normals(randomStream(2, 'tests'), 4001);
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const square = drawn.reduce((sum, x) => sum + x * x, 0) / drawn.length;
    const fourth = drawn.reduce((sum, x) => sum + x ** 4, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(Math.abs(square - 1)).toBeLessThan(0.1);
    expect(Math.abs(fourth - 3)).toBeLessThan(0.8);
  });
});

it('a permutation holds each number once', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 50 }), (seed, n) => {
      expect([...permutation(randomStream(seed, 'tests'), n)].sort((a, b) => a - b)).toEqual([...Array(n).keys()]);
    }),
  );
});
