import type { Random } from '../random.js';

/** A triad, named by the scale degree of its root: I is 0, IV is 3, V is 4. vii is not used. */
export type ChordDegree = 0 | 1 | 2 | 3 | 4 | 5;

/** Scale degrees of root, third and fifth. */
export const triad = (root: ChordDegree): readonly [number, number, number] => [root, root + 2, root + 4];

/** Whether a triad contains a scale degree, in any octave. */
export const isChordTone = (root: ChordDegree, degree: number): boolean =>
  triad(root).some((note) => (degree - note) % 7 === 0);

export type Cadence = 'half' | 'full';

/**
 * The chords of one phrase, one in a bar. It starts on the tonic, continues by CHORD_TRANSITIONS, and ends with a half
 * cadence (V) or a full one (V I).
 * @param bars 2 or more
 */
export function generateChordProgression(random: Random, bars: number, cadence: Cadence): readonly ChordDegree[] {
  const ending: readonly ChordDegree[] = cadence === 'half' ? [4] : [4, 0];
  const chords: ChordDegree[] = [0];
  while (chords.length < bars - ending.length) chords.push(pick(random, CHORD_TRANSITIONS[chords.at(-1)!]));
  return [...chords.slice(0, bars - ending.length), ...ending];
}

/** Successors of each chord in functional harmony; a chord that is listed twice is twice as likely. */
const CHORD_TRANSITIONS: { readonly [K in ChordDegree]: readonly ChordDegree[] } = {
  0: [0, 3, 3, 4, 4, 5, 1], // I -> anything
  1: [4, 4, 3], // ii -> V, IV
  2: [5, 3], // iii -> vi, IV
  3: [0, 0, 4, 4, 1], // IV -> I, V, ii
  4: [0, 0, 0, 5], // V -> I, or vi
  5: [3, 1, 4], // vi -> IV, ii, V
};

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;
