import { describe, expect, it } from '@jest/globals';
import { chooseTransposition, transposeCells } from '../../../src/domain/roll/transpose-roll.js';
import { drawnRoll } from '../../support/evaluation/drawn-roll.js';

describe('transposing cells', () => {
  it('moves each row of each channel, and wraps rows that would leave the roll by octaves', () => {
    const size = { pitches: 24, channels: 'all:sustain,all:onset' };
    const roll = drawnRoll([[60, 0, 3], [83, 4, 2], [60, 0, 1, 1]], size); // prettier-ignore
    expect(transposeCells(roll.cells, roll.format, 2)).toEqual(
      drawnRoll([[62, 0, 3], [73, 4, 2], [62, 0, 1, 1]], size).cells, // prettier-ignore
    );
    expect(transposeCells(roll.cells, roll.format, -1)).toEqual(
      drawnRoll([[71, 0, 3], [82, 4, 2], [71, 0, 1, 1]], size).cells, // prettier-ignore
    );
  });

  it('chooses the direction in which fewer cells leave the roll, else the shorter one', () => {
    const { cells, format } = drawnRoll([[72, 0, 1]]);
    expect(chooseTransposition(0, 0, cells, format)).toBe(0);
    expect(chooseTransposition(0, 2, cells, format)).toBe(2);
    expect(chooseTransposition(0, 9, cells, format)).toBe(-3);
    const high = drawnRoll([[83, 0, 1]]);
    expect(chooseTransposition(11, 1, high.cells, high.format)).toBe(-10);
  });
});
