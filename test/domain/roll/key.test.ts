import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UsageError } from '../../../src/domain/errors.js';
import { noteDensity } from '../../../src/domain/roll/density.js';
import { findKey } from '../../../src/domain/roll/key-finding.js';
import { keyName, parseKey } from '../../../src/domain/roll/key-name.js';
import { singleRollFromScore } from '../../../src/domain/roll/quantize.js';
import { DEFAULT_ROLL_FORMAT } from '../../../src/domain/roll/roll-format.js';
import { transposeCells, chooseTransposition } from '../../../src/domain/roll/transpose-roll.js';
import { composeDemoTune } from '../../../src/domain/demo/tune-composer.js';
import { randomStream } from '../../../src/domain/random.js';
import { drawnRoll } from '../../support/evaluation/drawn-roll.js';

describe('the name of a key', () => {
  it('is read and written', () => {
    const keys = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].flatMap((tonic) =>
      (['major', 'minor'] as const).map((mode) => ({ tonic, mode })),
    );
    expect(new Set(keys.map(keyName)).size).toBe(24);
    for (const key of keys) expect(parseKey(keyName(key))).toEqual(key);
    expect([parseKey('Cb'), parseKey('B#'), parseKey('A#m')].map(keyName)).toEqual(['B', 'C', 'Bbm']);
  });

  it.each(['', 'H', 'c', 'am', 'Amin', 'C##', ' C', 'C major'])('is not %p', (text) => {
    expect(() => parseKey(text)).toThrow(UsageError);
  });
});

describe('the key of a roll', () => {
  const scale = (degrees: readonly number[], tonic: number) =>
    drawnRoll(
      degrees.map((degree, i) => [tonic + degree, 2 * i, i === 0 || i === degrees.length - 1 ? 4 : 2] as const),
    );

  it('is that of a scale that begins and ends on its tonic', () => {
    expect(findKey(scale([0, 2, 4, 5, 7, 9, 11, 12], 62))).toMatchObject({ tonic: 2, mode: 'major' });
    expect(findKey(scale([0, 2, 3, 5, 7, 8, 10, 12], 69))).toMatchObject({ tonic: 9, mode: 'minor' });
    expect(findKey(drawnRoll([]))).toBeUndefined();
  });

  it('moves with the roll, and another mode can be asked for', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.integer({ min: -11, max: 11 }), (seed, semitones) => {
        const roll = singleRollFromScore(composeDemoTune(randomStream(seed, 'tunes')), DEFAULT_ROLL_FORMAT, {
          fold: true,
        });
        const there = { ...roll, cells: transposeCells(roll.cells, roll.format, semitones) };
        for (const modes of [['major', 'minor'], ['minor'], ['major']] as const) {
          const [here, moved] = [findKey(roll, modes)!, findKey(there, modes)!];
          expect(moved).toEqual({
            tonic: (here.tonic + semitones + 24) % 12,
            mode: here.mode,
            correlation: expect.closeTo(here.correlation, 1),
          });
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('transposing cells', () => {
  it('moves each row of each channel, and brings back what would leave the roll by octaves', () => {
    const size = { pitches: 24, channels: 'all:sustain,all:onset' };
    const roll = drawnRoll([[60, 0, 3], [83, 4, 2], [60, 0, 1, 1]], size); // prettier-ignore
    expect(transposeCells(roll.cells, roll.format, 2)).toEqual(
      drawnRoll([[62, 0, 3], [73, 4, 2], [62, 0, 1, 1]], size).cells, // prettier-ignore
    );
    expect(transposeCells(roll.cells, roll.format, -1)).toEqual(
      drawnRoll([[71, 0, 3], [82, 4, 2], [71, 0, 1, 1]], size).cells, // prettier-ignore
    );
  });

  it('goes the way on which fewer cells leave, else the shorter', () => {
    const { cells, format } = drawnRoll([[72, 0, 1]]);
    expect(chooseTransposition(0, 0, cells, format)).toBe(0);
    expect(chooseTransposition(0, 2, cells, format)).toBe(2);
    expect(chooseTransposition(0, 9, cells, format)).toBe(-3);
    const high = drawnRoll([[83, 0, 1]]);
    expect(chooseTransposition(11, 1, high.cells, high.format)).toBe(-10);
  });
});

it('density is notes a beat up to the end of the last', () => {
  expect(noteDensity(drawnRoll([]))).toBe(0);
  // Three notes in 8 columns, 4 beats.
  expect(noteDensity(drawnRoll([[60, 0, 2], [64, 0, 4], [62, 4, 4]]))).toBe(3 / 4); // prettier-ignore
});
