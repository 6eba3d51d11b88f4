import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isNearCopy, repeatsEarlier } from '../../../src/domain/evaluation/guards.js';
import { fullShiftRange, maxShiftedIou } from '../../../src/domain/evaluation/shifted-iou.js';
import { nearestTune } from '../../../src/domain/evaluation/nearest-tune.js';
import { bitsOfRoll, popCount } from '../../../src/domain/evaluation/roll-bits.js';
import type { PianoRoll } from '../../../src/domain/roll/piano-roll.js';
import { drawnRoll, type CellRun } from '../../support/evaluation/drawn-roll.js';

/** Row and column of each sounding cell. */
const cellsOf = ({ cells, format }: PianoRoll): (readonly [number, number])[] =>
  [...cells.keys()].filter((at) => cells[at] === 1).map((at) => [Math.floor(at / format.columns), at % format.columns]);

/** By definition: every placement, cell by cell. */
function slowest(a: PianoRoll, b: PianoRoll): number {
  const [own, other] = [cellsOf(a), cellsOf(b)];
  const { pitches, columns } = a.format;
  const key = (row: number, column: number): number => (row + 100) * 1000 + column + 300;
  const there = new Set(own.map(([row, column]) => key(row, column)));
  let best = 0;
  for (let up = 1 - pitches; up < pitches; up++) {
    for (let right = 1 - columns; right < columns; right++) {
      const both = other.filter(([row, column]) => there.has(key(row + up, column + right))).length;
      best = Math.max(best, both / (own.length + other.length - both));
    }
  }
  return best;
}

const runs = (columns: number): fc.Arbitrary<CellRun[]> =>
  fc.array(fc.tuple(fc.integer({ min: 60, max: 64 }), fc.nat(columns - 6), fc.integer({ min: 1, max: 6 })), {
    minLength: 1,
    maxLength: 6,
  });

describe('maxShiftedIou', () => {
  it('is the largest IoU of all shifts, also across the borders of words', () => {
    const size = { pitches: 5, columns: 40 };
    fc.assert(
      fc.property(runs(40), runs(40), fc.double({ min: 0, max: 0.9, noNaN: true }), (x, y, floor) => {
        const [a, b] = [drawnRoll(x, size), drawnRoll(y, size)];
        const expected = slowest(a, b);
        const found = maxShiftedIou(bitsOfRoll(a), bitsOfRoll(b), floor, fullShiftRange(bitsOfRoll(a)));
        expect(found).toEqual(expected > floor ? expect.closeTo(expected, 12) : undefined);
      }),
      { numRuns: 25 },
    );
  });

  it('respects the range of shifts', () => {
    const [a, b] = [bitsOfRoll(drawnRoll([[62, 3, 4]])), bitsOfRoll(drawnRoll([[60, 0, 4]]))];
    expect(maxShiftedIou(a, b, 0, { semitones: 2, columns: 3 })).toBe(1);
    expect(maxShiftedIou(a, b, 0, { semitones: 1, columns: 3 })).toBeUndefined();
    expect(maxShiftedIou(a, b, 0, { semitones: 2, columns: 2 })).toBe(3 / 5);
  });

  it('is 1 for two blank rolls, undefined for one', () => {
    const [blank, other] = [bitsOfRoll(drawnRoll([])), bitsOfRoll(drawnRoll([[60, 0, 4]]))];
    expect(maxShiftedIou(blank, blank, 0, fullShiftRange(blank))).toBe(1);
    expect(maxShiftedIou(blank, other, 0, fullShiftRange(blank))).toBeUndefined();
  });
});

describe('near copies', () => {
  const tune: readonly CellRun[] = [0, 2, 4, 5, 7, 9].map((degree, i) => [60 + degree, 4 * i, 4]);
  const bits = (changed: readonly CellRun[]) => bitsOfRoll(drawnRoll(changed));

  it('are found in another key and later', () => {
    const moved = tune.map(([pitch, start, length]) => [pitch + 7, start + 5, length] as const);
    expect(isNearCopy(bits(moved), bits(tune))).toBe(true);
    expect(isNearCopy(bits(tune), bits(moved))).toBe(true);
  });

  it('may differ a little, but a part is not a copy', () => {
    const almost = [...tune.slice(0, 5), [69, 20, 3]] as readonly CellRun[];
    expect(isNearCopy(bits(almost), bits(tune))).toBe(true);
    expect(isNearCopy(bits(tune.slice(0, 4)), bits(tune))).toBe(false);
  });

  it('are not distinct', () => {
    const set = [
      bits(tune),
      bits(tune.map(([p, s, l]) => [p + 1, s, l] as const)),
      bits([[60, 0, 9]]),
      bits([]),
      bits([]),
    ];
    expect(set.map((_, i) => repeatsEarlier(set, i))).toEqual([false, true, false, false, true]);
  });
});

it('the nearest tune has the largest IoU and is the first of equals', () => {
  const [a, b, c] = [[[60, 0, 8]], [[60, 0, 4]], [[61, 1, 8]]].map((run) =>
    bitsOfRoll(drawnRoll(run as unknown as CellRun[])),
  );
  const reach = { semitones: 3, columns: 3 };
  expect(nearestTune(bitsOfRoll(drawnRoll([[60, 0, 7]])), [b!, a!, c!], reach)).toEqual({ index: 1, likeness: 7 / 8 });
  expect(nearestTune(bitsOfRoll(drawnRoll([])), [a!], reach)).toBeUndefined();
});

it('popCount counts bits', () => {
  for (const [word, count] of [
    [0, 0],
    [-1, 32],
    [1 << 31, 1],
    [0x0f0f00ff, 16],
    [0x55555555, 16],
  ] as const) {
    expect(popCount(word)).toBe(count);
  }
});
