import type { KeySignature } from '../../domain/music/score.js';

/**
 * The keys from seven flats to seven sharps as @tonejs/midi names them. It names minor keys like the major ones.
 */
export const TONEJS_KEY_NAMES = ['Cb', 'Gb', 'Db', 'Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E', 'B', 'F#', 'C#'];

const META = 0xff;
const KEY_SIGNATURE = 0x59;
/** After the header chunk of 14 bytes and the track's own 8. */
const FIRST_EVENT_OFFSET = 22;

/**
 * @tonejs/midi 2.0.28 writes every key 14 sharps too high. Returns its bytes with the right ones: the first track holds
 * nothing but meta events, the key signatures among them in order of tick.
 */
export function repairKeySignatures(bytes: Uint8Array, signatures: readonly KeySignature[]): Uint8Array {
  const repaired = bytes.slice();
  const keys = [...signatures].sort((a, b) => a.tick - b.tick);
  let at = FIRST_EVENT_OFFSET;
  for (let written = 0; written < keys.length;) {
    while (repaired[at]! >= 0x80) at++; // the delta time
    if (repaired[at + 1] !== META) throw new Error('the first track should hold meta events only');
    const [type, length] = [repaired[at + 2], repaired[at + 3]!];
    at += 4;
    if (type === KEY_SIGNATURE) repaired[at] = keys[written++]!.sharps & 0xff;
    at += length;
  }
  return repaired;
}
