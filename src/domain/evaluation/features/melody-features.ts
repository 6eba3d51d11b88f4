import { ratio, type Feature } from './feature.js';
import type { AudibleNotes } from './audible-notes.js';

const { abs } = Math;

/** Motion of the top voice: the skyline, the highest sounding notes (Uitdenbogerd and Zobel 1998), in every format. */
export const MELODY_FEATURES: readonly Feature[] = [
  {
    name: 'top voice motion',
    unit: 'semitones',
    meaning: 'mean distance between the highest pitches of neighbouring columns that both sound',
    compute: ({ topRows, length }) => {
      let [semitones, pairs] = [0, 0];
      for (let column = 1; column < length; column++) {
        const [before, now] = [topRows[column - 1]!, topRows[column]!];
        if (before < 0 || now < 0) continue;
        semitones += abs(now - before);
        pairs++;
      }
      return ratio(semitones, pairs);
    },
  },
  {
    name: 'melodic repeats',
    unit: 'share',
    meaning: 'moves from one note of the top voice to the next that stay on the pitch',
    compute: (audible) => shareOfMoves(audible, (semitones) => semitones === 0),
  },
  {
    name: 'melodic steps',
    unit: 'share',
    meaning: 'moves of the top voice by 1 or 2 semitones',
    compute: (audible) => shareOfMoves(audible, (semitones) => semitones === 1 || semitones === 2),
  },
  {
    name: 'melodic leaps',
    unit: 'share',
    meaning: 'moves of the top voice by more than 7 semitones, a fifth',
    compute: (audible) => shareOfMoves(audible, (semitones) => semitones > 7),
  },
];

function shareOfMoves({ topNotes }: AudibleNotes, isCounted: (semitones: number) => boolean): number {
  const moves = topNotes.slice(1).map(({ pitch }, i) => abs(pitch - topNotes[i]!.pitch));
  return ratio(moves.filter(isCounted).length, moves.length);
}
