import type { VoiceColumns } from './voices.js';

/** Semitones that a tune may be moved by to reach the normal key. */
export const KEY_SHIFTS = Array.from({ length: 12 }, (_, i) => i - 5);

const MAJOR_SCALE = [0, 2, 4, 5, 7, 9, 11];

/**
 * Semitones, -5..6, that bring a tune to C major or A minor: the diatonic set, of twelve, that holds most of its cells, the
 * melody counted twice. Where sets hold the same, the one whose major tonic sounds most; then the lowest.
 * @param lowestPitch MIDI pitch of row 0
 */
export function shiftToNormalKey({ melody, chords }: VoiceColumns, lowestPitch: number): number {
  const cells = new Float64Array(12);
  const count = (row: number, weight: number): void => void (cells[(row + lowestPitch) % 12]! += weight);
  for (const row of melody) if (row >= 0) count(row, 2);
  for (const chord of chords) for (const row of chord) count(row, 1);
  const held = Array.from(cells, (own, tonic) =>
    MAJOR_SCALE.reduce((sum, step) => sum + cells[(tonic + step) % 12]!, own / 1000),
  );
  const shift = (12 - held.indexOf(Math.max(...held))) % 12;
  return shift > 6 ? shift - 12 : shift;
}
