import { describe, expect, it } from '@jest/globals';
import type { GeneratedTune } from '../../../src/domain/composing/choose-tune.js';
import { extendTune } from '../../../src/domain/composing/extend-tune.js';
import { drawnRoll, type CellRun } from '../../support/evaluation/drawn-roll.js';

const drawn = (runs: readonly CellRun[], channels = 'all:sustain'): GeneratedTune => {
  const roll = drawnRoll(runs, { columns: 64, channels });
  return { roll, probabilities: Float32Array.from(roll.cells, (cell) => cell / 2) };
};
/** Bars of 8 columns on one pitch each, with a rhythm that tells. */
const bars = (first: number, count: number, pitch: number): CellRun[] =>
  Array.from({ length: count }, (_, i) => first + i).flatMap((bar) => [
    [pitch, 8 * bar, 3],
    [pitch + 1, 8 * bar + 3, 1],
    [pitch + 2, 8 * bar + 4, 3],
  ]);

describe('extendTune', () => {
  it('starts each section with the last bars of the music so far, and appends the rest', async () => {
    const seen: { begun: number[]; kept: number; part: number }[] = [];
    // The first tune ends in its sixth bar of eight.
    const tune = await extendTune(drawn(bars(0, 6, 60)), 128, async (begun, kept, part) => {
      seen.push({ begun: [...begun.cells], kept, part });
      const next = drawn(bars(2, 6, 60 + part));
      const cells = next.roll.cells.map((cell, at) => (at % 64 < kept ? begun.cells[at]! : cell));
      return { roll: { ...next.roll, cells }, probabilities: Float32Array.from(cells, (cell) => cell / 2) };
    });
    expect(seen.map(({ kept, part }) => [kept, part])).toEqual([[16, 1], [16, 2]]); // prettier-ignore
    expect(seen[0]!.begun).toEqual([...drawn(bars(0, 2, 60)).roll.cells]);
    expect(seen[1]!.begun).toEqual([...drawn(bars(0, 2, 61)).roll.cells]);
    // 6 bars, then 6 of the second, then 4 of the third.
    const expected = drawnRoll([...bars(0, 6, 60), ...bars(6, 6, 61), ...bars(12, 4, 62)], { columns: 128 });
    expect(tune.roll).toEqual(expected);
    expect([...tune.probabilities]).toEqual([...expected.cells].map((cell) => cell / 2));
  });

  it('ends also when sections are blank, and marks onsets at the seams', async () => {
    const blank = await extendTune(drawn([]), 192, async () => drawn([]));
    expect(blank.roll.cells.length).toBe(24 * 192);
    expect(blank.roll.cells.some((cell) => cell !== 0)).toBe(false);
    const channels = 'all:sustain,all:onset';
    const voices = await extendTune(drawn([[60, 0, 64], [60, 0, 1, 1]], channels), 128, async () => // prettier-ignore
      drawn([[60, 0, 16], [70, 16, 48]], channels)); // prettier-ignore
    expect(voices.roll.cells[24 * 128 + 10 * 128 + 64]).toBe(1);
    expect(voices.roll.cells.slice(24 * 128).reduce((sum, cell) => sum + cell, 0)).toBe(2);
  });
});
