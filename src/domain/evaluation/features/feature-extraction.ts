import type { PianoRoll } from '../../roll/piano-roll.js';
import type { Feature } from './feature.js';
import { findAudibleNotes } from './audible-notes.js';
import { MELODY_FEATURES } from './melody-features.js';
import { NOTE_LENGTH_FEATURES } from './note-length-features.js';
import { PITCH_FEATURES } from './pitch-features.js';
import { POLYPHONY_FEATURES } from './polyphony-features.js';
import { REPETITION_FEATURES } from './repetition-features.js';
import { RHYTHM_FEATURES } from './rhythm-features.js';
import { SIZE_FEATURES } from './size-features.js';
import { SUSTAIN_FEATURES } from './sustain-features.js';
import { TRANSITION_FEATURES } from './transition-features.js';

/** All features, in the order of vectors and tables. */
export const FEATURES: readonly Feature[] = [
  ...SIZE_FEATURES,
  ...POLYPHONY_FEATURES,
  ...PITCH_FEATURES,
  ...NOTE_LENGTH_FEATURES,
  ...RHYTHM_FEATURES,
  ...MELODY_FEATURES,
  ...TRANSITION_FEATURES,
  ...REPETITION_FEATURES,
  ...SUSTAIN_FEATURES,
];

/** The value of each of FEATURES; all are finite. */
export function extractFeatures(roll: PianoRoll): Float64Array {
  const audible = findAudibleNotes(roll);
  return Float64Array.from(FEATURES, ({ compute }) => compute(audible));
}
