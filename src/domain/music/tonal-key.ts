import { UsageError } from '../errors.js';

/** One of the 24 major and minor keys. */
export interface TonalKey {
  /** Pitch class of the tonic, 0..11; 0 is C. */
  readonly tonic: number;
  readonly mode: 'major' | 'minor';
}

const LETTER_PITCH_CLASSES: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
/** The usual spelling of each tonic. */
const NAMES_BY_MODE = {
  major: ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'],
  minor: ['Cm', 'C#m', 'Dm', 'Ebm', 'Em', 'Fm', 'F#m', 'Gm', 'G#m', 'Am', 'Bbm', 'Bm'],
} as const;

/**
 * Parses `C`, `F#` or `Bb` as a major key, and `Am` as a minor key.
 * @throws UsageError for any other text
 */
export function parseKey(text: string): TonalKey {
  const [, letter, sign, minor] = /^([A-G])([#b]?)(m?)$/.exec(text) ?? [];
  if (letter === undefined) {
    throw new UsageError(
      'a key is a note from A to G, then # or b if it has one, then m if the key is minor, as in G, Bb or F#m; ' +
        `got ${JSON.stringify(text)}`,
    );
  }
  const tonic = (LETTER_PITCH_CLASSES[letter]! + { '': 0, '#': 1, b: 11 }[sign as '' | '#' | 'b'] + 12) % 12;
  return { tonic, mode: minor === 'm' ? 'minor' : 'major' };
}

export const keyName = ({ tonic, mode }: TonalKey): string => NAMES_BY_MODE[mode][tonic]!;
