import type { PianoRoll } from '../../../src/domain/roll/piano-roll.js';
import { drawnRoll, type CellRun } from './drawn-roll.js';

// Four bars of 4/4: a half note C5, two quarters, a bar of rest, and a chord held over a bar line.
export const TUNE: readonly CellRun[] = [
  [72, 0, 4],
  [74, 4, 2],
  [79, 6, 2],
  [60, 20, 8],
  [64, 20, 8],
  [67, 20, 8],
];

// Each value was worked out by hand from the definition in docs/evaluation.md.
/** Cases of amount, pitch, length and rhythm. */
export const PLAIN_CASES: readonly (readonly [name: string, expected: number, roll: PianoRoll])[] = [
  ['notes', 6, drawnRoll(TUNE)],
  ['length', 28, drawnRoll(TUNE)],
  ['empty columns', 12 / 28, drawnRoll(TUNE)],
  ['empty bars', 1 / 4, drawnRoll(TUNE)],
  // Bars of 3 beats by their rhythm, long, short, the fourth without a note.
  [
    'empty bars',
    1 / 5,
    drawnRoll(
      [0, 6, 12, 24].flatMap(
        (bar, i) =>
          [
            [60 + i, bar, 4],
            [70 + i, bar + 4, 2],
          ] as const,
      ),
    ),
  ],
  // MusPy calls a bar empty in which nothing starts: here a note sounds through all four.
  ['empty bars', 0, drawnRoll([[60, 0, 32]])],
  ['polyphony', (8 + 3 * 8) / 16, drawnRoll(TUNE)],
  ['polyphonic rate', 8 / 28, drawnRoll(TUNE)],
  // Two pitches are not more than two.
  [
    'polyphonic rate',
    0,
    drawnRoll([
      [60, 0, 8],
      [64, 0, 8],
    ]),
  ],
  ['pitches used', 6, drawnRoll(TUNE)],
  ['pitch classes used', 4, drawnRoll(TUNE)], // C D G, then C E G
  [
    'pitch classes used',
    1,
    drawnRoll([
      [60, 0, 1],
      [72, 4, 1],
    ]),
  ],
  // MuseGAN's chroma puts the neighbours 60..65 into one class.
  ['pitch classes used', 6, drawnRoll([60, 61, 62, 63, 64, 65].map((pitch, i) => [pitch, 2 * i, 1] as const))],
  [
    'pitch-class entropy',
    1,
    drawnRoll([
      [60, 0, 2],
      [72, 4, 2],
      [62, 8, 2],
      [74, 12, 8],
    ]),
  ],
  [
    'pitch-class entropy',
    0,
    drawnRoll([
      [60, 0, 2],
      [72, 4, 2],
    ]),
  ],
  // C major with one F sharp: G major holds all but the F, C major all but the F sharp.
  [
    'scale consistency',
    7 / 8,
    drawnRoll([60, 62, 64, 65, 66, 67, 69, 71].map((pitch, i) => [pitch, 2 * i, 1] as const)),
  ],
  ['scale consistency', 1, drawnRoll([61, 63, 65, 66, 68, 70, 72].map((pitch, i) => [pitch, 2 * i, 1] as const))],
  ['scale consistency', 7 / 12, drawnRoll(Array.from({ length: 12 }, (_, i) => [60 + i, 2 * i, 1] as const))],
  [
    'qualified notes',
    2 / 3,
    drawnRoll([
      [60, 0, 1],
      [62, 4, 2],
      [64, 8, 3],
    ]),
  ],
  // MuseGAN's own grid, 24 columns a beat: 3 are a thirty-second.
  [
    'qualified notes',
    1 / 2,
    drawnRoll(
      [
        [60, 0, 2],
        [62, 4, 3],
      ],
      { columnsPerBeat: 24 },
    ),
  ],
  [
    'note length',
    1,
    drawnRoll([
      [60, 0, 1],
      [62, 4, 2],
      [64, 8, 3],
    ]),
  ],
  [
    'note length deviation',
    Math.sqrt(2 / 3) / 2,
    drawnRoll([
      [60, 0, 1],
      [62, 4, 2],
      [64, 8, 3],
    ]),
  ],
  [
    'long notes',
    1 / 3,
    drawnRoll([
      [60, 0, 1],
      [62, 4, 2],
      [64, 8, 3],
    ]),
  ],
  [
    'onsets on the beat',
    3 / 4,
    drawnRoll([
      [60, 0, 1],
      [62, 3, 1],
      [64, 6, 1],
      [65, 8, 1],
    ]),
  ],
  [
    'onsets on the half beat',
    1 / 2,
    drawnRoll(
      [
        [60, 0, 1],
        [62, 2, 1],
        [64, 1, 1],
        [65, 3, 1],
      ],
      { columnsPerBeat: 4 },
    ),
  ],
  [
    'onsets on the bar',
    1 / 2,
    drawnRoll([
      [60, 0, 1],
      [62, 3, 1],
      [64, 6, 1],
      [65, 8, 1],
    ]),
  ],
  // The same bar of 3 beats again and again: starts at columns 0 and 4 of 6.
  [
    'onsets on the bar',
    1 / 2,
    drawnRoll(
      [0, 6, 12, 18].flatMap(
        (bar) =>
          [
            [60, bar, 1],
            [62, bar + 4, 1],
          ] as const,
      ),
    ),
  ],
  [
    'bar position entropy',
    1,
    drawnRoll(
      [0, 6, 12, 18].flatMap(
        (bar) =>
          [
            [60, bar, 1],
            [62, bar + 4, 1],
          ] as const,
      ),
    ),
  ],
];
