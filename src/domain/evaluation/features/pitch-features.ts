import { SCALES } from '../../music/scale.js';
import { entropy, ratio, type Feature } from './feature.js';
import type { AudibleNotes } from './audible-notes.js';

/** Use of pitches. A pitch class is pitch mod 12. */
export const PITCH_FEATURES: readonly Feature[] = [
  {
    name: 'pitches used',
    unit: 'pitches',
    meaning: 'different pitches',
    compute: ({ notes }) => new Set(notes.map(({ pitch }) => pitch)).size,
  },
  {
    // MuseGAN, BinaryMuseGAN and Pypianoroll add up neighboring rows instead, which are not pitch classes.
    name: 'pitch classes used',
    unit: 'pitches',
    meaning: 'different pitches modulo 12',
    compute: ({ notes }) => new Set(notes.map(({ pitch }) => pitch % 12)).size,
  },
  {
    name: 'pitch-class entropy',
    unit: 'bits',
    meaning: "entropy of the notes' pitch classes, 0..3.58 (Wu and Yang 2020)",
    compute: (audible) => entropy(pitchClassCounts(audible)),
  },
  {
    name: 'scale consistency',
    unit: 'share',
    meaning: 'notes in the diatonic scale that holds most of them, of the 12 there are (Mogren 2016)',
    compute: (audible) => {
      const notes = pitchClassCounts(audible);
      let best = 0;
      for (let tonic = 0; tonic < 12; tonic++) {
        const inScale = SCALES.major.reduce<number>((sum, degree) => sum + notes[(tonic + degree) % 12]!, 0);
        if (inScale > best) best = inScale;
      }
      return ratio(best, audible.notes.length);
    },
  },
];

/** Number of notes in each pitch class. */
function pitchClassCounts({ notes }: AudibleNotes): Uint32Array {
  const counts = new Uint32Array(12);
  for (const { pitch } of notes) counts[pitch % 12]!++;
  return counts;
}
