import type { AudibleNotes } from './audible-notes.js';

/** What a feature counts. `share` is of 0..1. */
export type FeatureUnit = 'notes' | 'columns' | 'pitches' | 'beats' | 'semitones' | 'bits' | 'share';

/** One number that says something musical about a roll. */
export interface Feature {
  /** Two or three words, such as `empty bars`. */
  readonly name: string;
  readonly unit: FeatureUnit;
  /** Its definition in a line, for tables. */
  readonly meaning: string;
  /** Always finite: where there is nothing to count it is 0, unless its definition says otherwise. */
  readonly compute: (heard: AudibleNotes) => number;
}

/** part / whole, 0 of nothing. */
export const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

const { log2 } = Math; // taken out once: test runners make every look-up of a global slow

/** H = -sum p log2 p of the shares that the counts make (Shannon 1948), in bits; 0 of nothing. */
export function entropy(counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i]!;
  let bits = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i]! > 0) bits -= (counts[i]! / total) * log2(counts[i]! / total);
  }
  return bits;
}
