import type { PianoRoll } from '../../../src/domain/roll/piano-roll.js';
import { drawnRoll } from './drawn-roll.js';
import { TUNE } from './feature-cases.js';

/** Cases of the top voice, of repetition and of sustains, by hand from docs/evaluation.md. */
export const MOTION_CASES: readonly (readonly [name: string, expected: number, roll: PianoRoll])[] = [
  // Skyline 72 72 (rest) 67 67: the pair over the rest is no pair, the lower note is not the top.
  [
    'top voice motion',
    2 / 3,
    drawnRoll([
      [72, 0, 2],
      [60, 0, 2],
      [67, 3, 2],
      [65, 5, 1],
    ]),
  ],
  // Moves of the top voice: 72 to 73 a step, to 65 a leap, over a rest to 67 a step.
  [
    'melodic steps',
    2 / 3,
    drawnRoll([
      [72, 0, 1],
      [73, 1, 1],
      [65, 2, 2],
      [67, 6, 2],
    ]),
  ],
  [
    'melodic leaps',
    1 / 3,
    drawnRoll([
      [72, 0, 1],
      [73, 1, 1],
      [65, 2, 2],
      [67, 6, 2],
    ]),
  ],
  // A fifth is no leap, a minor sixth is.
  [
    'melodic leaps',
    1 / 2,
    drawnRoll([
      [60, 0, 1],
      [67, 1, 1],
      [75, 2, 1],
    ]),
  ],
  // Sustains alone merge repeated notes; onsets keep them apart.
  [
    'melodic repeats',
    0,
    drawnRoll([
      [60, 0, 4],
      [62, 4, 2],
    ]),
  ],
  [
    'melodic repeats',
    1 / 2,
    drawnRoll(
      [
        [60, 0, 4],
        [62, 4, 2],
        [60, 0, 1, 1],
        [60, 2, 1, 1],
        [62, 4, 1, 1],
      ],
      { channels: 'all:sustain,all:onset' },
    ),
  ],
  // C D C D: C-D twice, D-C once.
  ['transition entropy', Math.log2(3) - 2 / 3, drawnRoll([60, 62, 72, 74].map((p, i) => [p, 2 * i, 1] as const))],
  ['next class entropy', 0, drawnRoll([60, 62, 72, 74].map((p, i) => [p, 2 * i, 1] as const))],
  // C D C E: from C to D or E by equal chance, from D to C for sure.
  ['next class entropy', 2 / 3, drawnRoll([60, 62, 72, 76].map((p, i) => [p, 2 * i, 1] as const))],
  // Columns 0 and 2 have C, and C again a beat later; the D of column 4 is new.
  [
    'same a beat later',
    2 / 3,
    drawnRoll([
      [60, 0, 1],
      [60, 2, 1],
      [60, 4, 1],
      [62, 4, 1],
    ]),
  ],
  ['same a beat later', 1, drawnRoll([[60, 0, 12]])],
  [
    'same a bar later',
    1 / 3,
    drawnRoll([
      [60, 0, 2],
      [62, 2, 2],
      [60, 8, 2],
      [64, 10, 2],
    ]),
  ],
  [
    'same 8 columns later',
    1 / 3,
    drawnRoll([
      [60, 0, 2],
      [62, 2, 2],
      [60, 8, 2],
      [64, 10, 2],
    ]),
  ],
  [
    'same 16 columns later',
    1,
    drawnRoll([
      [60, 0, 2],
      [60, 16, 2],
    ]),
  ],
  [
    'same 16 columns later',
    0,
    drawnRoll([
      [60, 0, 2],
      [61, 16, 2],
    ]),
  ],
  [
    'same 32 columns later',
    1,
    drawnRoll(
      [
        [60, 1, 2],
        [60, 33, 2],
      ],
      { columns: 64 },
    ),
  ],
  ['same 32 columns later', 0, drawnRoll([[60, 0, 32]])],
  // 48 columns are 24 beats; 32 columns, 16 beats, fit too but say nothing.
  [
    'same a section later',
    1,
    drawnRoll(
      [
        [60, 0, 2],
        [62, 47, 1],
        [60, 48, 2],
        [62, 95, 1],
      ],
      { columns: 96 },
    ),
  ],
  // Two columns less, and the section does not fit twice.
  [
    'same a section later',
    0,
    drawnRoll(
      [
        [60, 0, 2],
        [62, 45, 1],
        [60, 48, 2],
        [62, 93, 1],
      ],
      { columns: 96 },
    ),
  ],
  ['orphan sustains', 0, drawnRoll(TUNE)],
  [
    'orphan sustains',
    3 / 8,
    // A run of 4 whose onset comes in its third column, one of 3 with it at the start, and one of 1 without.
    drawnRoll(
      [
        [60, 0, 4],
        [62, 0, 3],
        [64, 9, 1],
        [60, 2, 1, 1],
        [62, 0, 1, 1],
      ],
      { channels: 'all:sustain,all:onset' },
    ),
  ],
];
