import { triad, type ChordDegree } from './chord.js';
import type { Meter } from './meter.js';
import { pitchOfDegree, type ScaleOnTonic } from '../music/scale.js';

/** `held`: the chord sounds for the whole bar. `struck`: the root on strong beats, the other chord notes between. */
type AccompanimentStyle = 'held' | 'struck';

interface ChordTone {
  readonly pitch: number;
  readonly startEighth: number;
  readonly durationEighths: number;
}

/** One bar of accompaniment, two octaves below the tonic of the melody, so that it does not cross the melody. */
export function generateAccompaniment(
  chord: ChordDegree,
  key: ScaleOnTonic,
  { eighthsPerBar, eighthsPerStrongBeat }: Meter,
  style: AccompanimentStyle,
): readonly ChordTone[] {
  const [root, ...upper] = triad(chord).map((degree) => pitchOfDegree(key, degree - 14));
  const beat = eighthsPerStrongBeat === 3 ? 1 : 2;
  const tones: ChordTone[] = [];
  for (let strong = 0; strong < eighthsPerBar; strong += eighthsPerStrongBeat) {
    tones.push({ pitch: root!, startEighth: strong, durationEighths: style === 'held' ? eighthsPerStrongBeat : beat });
    const first = style === 'held' ? strong : strong + beat;
    const durationEighths = style === 'held' ? eighthsPerStrongBeat : beat;
    for (let at = first; at < strong + eighthsPerStrongBeat; at += durationEighths) {
      for (const pitch of upper) tones.push({ pitch, startEighth: at, durationEighths });
    }
  }
  return tones;
}
