import type { Random } from '../random.js';

/** A triad by the scale degree of its root, 0..6: I is 0, IV is 3, V is 4. */
export type ChordDegree = 0 | 1 | 2 | 3 | 4 | 5;

/** The three chord notes as scale degrees above the root's: root, third, fifth. */
export const triad = (root: ChordDegree): readonly [number, number, number] => [root, root + 2, root + 4];

/** Whether a scale degree (in any octave) belongs to a triad. */
export const isChordTone = (root: ChordDegree, degree: number): boolean =>
  triad(root).some((note) => (degree - note) % 7 === 0);

export type Cadence = 'half' | 'full';

/**
 * Chords of one phrase, one a bar, by function: it starts on the tonic, goes on by the table below, and ends with a half
 * cadence (on V) or a full one (V I).
 *
 * @param bars 2 or more
 */
export function generateChordProgression(random: Random, bars: number, cadence: Cadence): readonly ChordDegree[] {
  const ending: readonly ChordDegree[] = cadence === 'half' ? [4] : [4, 0];
  const chords: ChordDegree[] = [0];
  while (chords.length < bars - ending.length) chords.push(pick(random, CHORD_TRANSITIONS[chords[chords.length - 1]!]));
  return [...chords.slice(0, bars - ending.length), ...ending];
}

/** What may follow a chord in functional harmony; a chord named twice is twice as likely. */
const CHORD_TRANSITIONS: { readonly [K in ChordDegree]: readonly ChordDegree[] } = {
  0: [0, 3, 3, 4, 4, 5, 1], // I -> anything
  1: [4, 4, 3], // ii -> V, IV
  2: [5, 3], // iii -> vi, IV
  3: [0, 0, 4, 4, 1], // IV -> I, V, ii
  4: [0, 0, 0, 5], // V -> I, or vi
  5: [3, 1, 4], // vi -> IV, ii, V
};

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;
