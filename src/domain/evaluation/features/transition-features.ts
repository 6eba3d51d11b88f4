import { entropy, type Feature } from './feature.js';
import type { AudibleNotes } from './audible-notes.js';

/** Successions of pitch classes in the top voice: the pitch-class transition matrix of Yang and Lerch 2020. */
export const TRANSITION_FEATURES: readonly Feature[] = [
  {
    name: 'transition entropy',
    unit: 'bits',
    meaning: 'entropy of the 144 pitch-class transitions of the top voice, 0..7.17',
    compute: (audible) => entropy(transitions(audible)),
  },
  {
    name: 'next class entropy',
    unit: 'bits',
    meaning: "entropy of the top voice's next pitch class when the one before is known, 0..3.58",
    // H(next | class) = H(class, next) - H(class)
    compute: (audible) => {
      const matrix = transitions(audible);
      const from = Array.from({ length: 12 }, (_, row) =>
        matrix.slice(12 * row, 12 * row + 12).reduce((a, b) => a + b, 0),
      );
      return entropy(matrix) - entropy(from);
    },
  },
];

/** [12, 12] counts of transitions; the row is the pitch class before, the column the one after. */
function transitions({ topNotes }: AudibleNotes): Uint32Array {
  const matrix = new Uint32Array(144);
  for (let i = 1; i < topNotes.length; i++) matrix[(topNotes[i - 1]!.pitch % 12) * 12 + (topNotes[i]!.pitch % 12)]!++;
  return matrix;
}
