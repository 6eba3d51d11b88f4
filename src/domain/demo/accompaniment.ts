import { triad, type ChordDegree } from './chord.js';
import type { Metre } from './metre.js';
import { pitchOfDegree, type Key } from '../music/scale.js';

/** `held`: the chord sounds through the bar. `struck`: the root on strong places, the rest of the chord between. */
export type AccompanimentStyle = 'held' | 'struck';

export interface ChordTone {
  readonly pitch: number;
  readonly startEighth: number;
  readonly eighths: number;
}

/** A bar of accompaniment, two octaves below the melody's tonic, so that it never crosses the melody. */
export function accompany(
  chord: ChordDegree,
  key: Key,
  { barEighths, strongEvery }: Metre,
  style: AccompanimentStyle,
): readonly ChordTone[] {
  const [root, ...upper] = triad(chord).map((degree) => pitchOfDegree(key, degree - 14));
  const beat = strongEvery === 3 ? 1 : 2;
  const tones: ChordTone[] = [];
  for (let strong = 0; strong < barEighths; strong += strongEvery) {
    tones.push({ pitch: root!, startEighth: strong, eighths: style === 'held' ? strongEvery : beat });
    const first = style === 'held' ? strong : strong + beat;
    const eighths = style === 'held' ? strongEvery : beat;
    for (let at = first; at < strong + strongEvery; at += eighths) {
      for (const pitch of upper) tones.push({ pitch, startEighth: at, eighths });
    }
  }
  return tones;
}
