import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FEATURES, extractFeatures } from '../../../../src/domain/evaluation/features/feature-extraction.js';
import { blankRoll, type PianoRoll } from '../../../../src/domain/roll/piano-roll.js';
import { drawnRoll, SMALL_FORMAT, type CellRun } from '../../../support/evaluation/drawn-roll.js';
import { PLAIN_CASES } from '../../../support/evaluation/feature-cases.js';
import { MOTION_CASES } from '../../../support/evaluation/motion-cases.js';

const CASES = [...PLAIN_CASES, ...MOTION_CASES];

const named = (roll: PianoRoll): Record<string, number> =>
  Object.fromEntries(FEATURES.map(({ name }, i) => [name, extractFeatures(roll)[i]!]));

const of = (name: string, roll: PianoRoll): number => {
  const index = FEATURES.findIndex((feature) => feature.name === name);
  if (index < 0) throw new Error(`no feature ${name}`);
  return extractFeatures(roll)[index]!;
};

describe('each feature', () => {
  it.each(CASES.map(([name, expected, roll], i) => ({ name, expected, roll, i })))(
    '$name is $expected (case $i)',
    ({ name, expected, roll }) => {
      expect(of(name, roll)).toBeCloseTo(expected, 12);
    },
  );

  it('has a case and a unique name', () => {
    expect([...new Set(CASES.map(([name]) => name))].sort()).toEqual(FEATURES.map(({ name }) => name).sort());
  });

  it('is 0 for a blank roll, except the shares of empty columns and bars', () => {
    const blank = named(blankRoll(SMALL_FORMAT));
    for (const [name, value] of Object.entries(blank))
      expect([name, value]).toEqual([name, name.startsWith('empty') ? 1 : 0]);
  });

  it('counts a cell that several voices share once', () => {
    const voices = drawnRoll(
      [
        [72, 0, 4, 0],
        [72, 0, 4, 1],
        [60, 0, 8, 1],
      ],
      { channels: 'melody:sustain,chords:sustain' },
    );
    expect(named(voices)).toEqual(
      named(
        drawnRoll([
          [72, 0, 4],
          [60, 0, 8],
        ]),
      ),
    );
  });
});

const notes = fc.array(fc.tuple(fc.integer({ min: 60, max: 77 }), fc.nat(15), fc.integer({ min: 1, max: 5 })), {
  maxLength: 14,
});
const moved = (runs: readonly CellRun[], semitones: number, columns: number): PianoRoll =>
  drawnRoll(runs.map(([pitch, start, length]) => [pitch + semitones, start + columns, length]));

describe('all features', () => {
  it('are finite, and shares are in 0..1', () => {
    fc.assert(
      fc.property(notes, (runs) => {
        extractFeatures(drawnRoll(runs)).forEach((value, i) => {
          expect(Number.isFinite(value) && value >= -1e-12).toBe(true);
          if (FEATURES[i]!.unit === 'share') expect(value).toBeLessThanOrEqual(1);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('are the same in every key', () => {
    fc.assert(
      fc.property(notes, fc.nat(6), (runs, semitones) => {
        const [here, there] = [moved(runs, 0, 0), moved(runs, semitones, 0)].map(extractFeatures);
        here!.forEach((value, i) => expect(there![i]).toBeCloseTo(value, 9));
      }),
      { numRuns: 40 },
    );
  });

  it('do not depend on the start of the music, except those that count time from column 0', () => {
    const counting = ['length', 'empty columns', 'empty bars', 'polyphonic rate', 'onsets on the bar'];
    fc.assert(
      fc.property(notes, fc.constantFrom(2, 4, 6, 8), (runs, columns) => {
        const [now, later] = [moved(runs, 0, 0), moved(runs, 0, columns)].map(named);
        for (const [name, value] of Object.entries(now!)) {
          if (!counting.includes(name)) expect([name, later![name]]).toEqual([name, expect.closeTo(value, 9)]);
        }
      }),
      { numRuns: 40 },
    );
  });
});
