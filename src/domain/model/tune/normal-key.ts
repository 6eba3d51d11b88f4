import type { VoiceColumns } from './voices.js';

/** The transpositions to the normal key, in semitones: -5..6. */
export const KEY_SHIFTS = Array.from({ length: 12 }, (_, i) => i - 5);

const MAJOR_SCALE = [0, 2, 4, 5, 7, 9, 11];

/**
 * The transposition in semitones, -5..6, that brings a tune to C major or A minor. Its key is the one of the twelve
 * diatonic scales that contains most of its cells, those of the melody counted twice. Of equal scales the one wins
 * whose major tonic sounds most, then the one with the lowest tonic.
 * @param lowestPitch MIDI pitch of row 0
 */
export function shiftToNormalKey({ melody, chords }: VoiceColumns, lowestPitch: number): number {
  const cells = new Float64Array(12);
  const count = (row: number, weight: number): void => void (cells[(row + lowestPitch) % 12]! += weight);
  for (const row of melody) if (row >= 0) count(row, 2);
  for (const chord of chords) for (const row of chord) count(row, 1);
  const scores = Array.from(cells, (tonicCells, tonic) =>
    MAJOR_SCALE.reduce((sum, step) => sum + cells[(tonic + step) % 12]!, tonicCells / 1000),
  );
  const shift = (12 - scores.indexOf(Math.max(...scores))) % 12;
  return shift > 6 ? shift - 12 : shift;
}
