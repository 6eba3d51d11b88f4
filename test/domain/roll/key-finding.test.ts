import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { composeDemoTune } from '../../../src/domain/demo/tune-composer.js';
import { randomStream } from '../../../src/domain/random.js';
import { findKey } from '../../../src/domain/roll/key-finding.js';
import { singleRollFromScore } from '../../../src/domain/roll/quantize.js';
import { DEFAULT_ROLL_FORMAT } from '../../../src/domain/roll/roll-format.js';
import { transposeCells } from '../../../src/domain/roll/transpose-roll.js';
import { drawnRoll } from '../../support/evaluation/drawn-roll.js';

describe('the key of a roll', () => {
  const scale = (degrees: readonly number[], tonic: number) =>
    drawnRoll(
      degrees.map((degree, i) => [tonic + degree, 2 * i, i === 0 || i === degrees.length - 1 ? 4 : 2] as const),
    );

  it('is the key of a scale that starts and ends on its tonic', () => {
    expect(findKey(scale([0, 2, 4, 5, 7, 9, 11, 12], 62))).toMatchObject({ tonic: 2, mode: 'major' });
    expect(findKey(scale([0, 2, 3, 5, 7, 8, 10, 12], 69))).toMatchObject({ tonic: 9, mode: 'minor' });
    expect(findKey(drawnRoll([]))).toBeUndefined();
  });

  it('is transposed with the roll, also when the modes are given', () => {
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
