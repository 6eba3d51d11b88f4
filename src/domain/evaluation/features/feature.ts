import type { AudibleNotes } from './audible-notes.js';

/** Unit of a feature; a `share` is in 0..1. */
export type FeatureUnit = 'notes' | 'columns' | 'pitches' | 'beats' | 'semitones' | 'bits' | 'share';

/** A musical property of a roll, as a number. */
export interface Feature {
  /** Two or three words, such as `empty bars`. */
  readonly name: string;
  readonly unit: FeatureUnit;
  /** Definition in one line, for tables. */
  readonly meaning: string;
  /** Always finite; 0 if there is nothing to count, unless the definition says otherwise. */
  readonly compute: (audible: AudibleNotes) => number;
}

/** part / whole, or 0 if whole is 0. */
export const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

const { log2 } = Math; // in a local, because test runners make every access of a global slow

/** H = -sum p log2 p in bits, p the counts over their sum (Shannon 1948); 0 if all counts are 0. */
export function entropy(counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i]!;
  let bits = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i]! > 0) bits -= (counts[i]! / total) * log2(counts[i]! / total);
  }
  return bits;
}
