import { SCALES } from '../../music/scale.js';
import { entropy, ratio, type Feature } from './feature.js';
import type { AudibleNotes } from './audible-notes.js';

/** Which pitches are played. A pitch's class is pitch mod 12: the notes of all octaves that share a name. */
export const PITCH_FEATURES: readonly Feature[] = [
  {
    name: 'pitches used',
    unit: 'pitches',
    meaning: 'different pitches',
    compute: ({ notes }) => new Set(notes.map(({ pitch }) => pitch)).size,
  },
  {
    // MuseGAN, BinaryMuseGAN and Pypianoroll add up neighbouring rows here, which are no classes.
    name: 'pitch classes used',
    unit: 'pitches',
    meaning: 'different pitches modulo 12',
    compute: ({ notes }) => new Set(notes.map(({ pitch }) => pitch % 12)).size,
  },
  {
    name: 'pitch-class entropy',
    unit: 'bits',
    meaning: "entropy of the notes' pitch classes, 0..3.58 (Wu and Yang 2020)",
    compute: (heard) => entropy(pitchClassCounts(heard)),
  },
  {
    name: 'scale consistency',
    unit: 'share',
    meaning: 'notes in the diatonic scale that holds most of them, of the 12 there are (Mogren 2016)',
    compute: (heard) => {
      const notes = pitchClassCounts(heard);
      let most = 0;
      for (let tonic = 0; tonic < 12; tonic++) {
        const inScale = SCALES.major.reduce<number>((sum, degree) => sum + notes[(tonic + degree) % 12]!, 0);
        if (inScale > most) most = inScale;
      }
      return ratio(most, heard.notes.length);
    },
  },
];

/** How many notes each of the 12 classes has. */
function pitchClassCounts({ notes }: AudibleNotes): Uint32Array {
  const counts = new Uint32Array(12);
  for (const { pitch } of notes) counts[pitch % 12]!++;
  return counts;
}
