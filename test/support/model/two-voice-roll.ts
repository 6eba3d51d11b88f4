import { VOICES_FORMAT } from '../../../src/domain/model/tune/voices.js';
import { blankRoll, type PianoRoll } from '../../../src/domain/roll/piano-roll.js';

/** One column of a tune, in MIDI pitches. */
export interface Column {
  readonly melody?: number;
  readonly chord?: readonly number[];
  /** The melody, or the chord, is struck again. */
  readonly struck?: boolean;
}

/** A roll of VOICES_FORMAT, drawn column by column. */
export function twoVoiceRoll(columns: readonly Column[]): PianoRoll {
  const roll = blankRoll(VOICES_FORMAT);
  const { pitches, columns: width, lowestPitch } = VOICES_FORMAT;
  const set = (channel: number, pitch: number, column: number): void =>
    void (roll.cells[(channel * pitches + pitch - lowestPitch) * width + column] = 1);
  columns.forEach(({ melody, chord = [], struck = false }, column) => {
    const before = columns[column - 1];
    if (melody !== undefined) {
      set(0, melody, column);
      if (struck || before?.melody !== melody) set(1, melody, column);
    }
    for (const pitch of chord) {
      set(2, pitch, column);
      if (struck || String(before?.chord ?? []) !== String(chord)) set(3, pitch, column);
    }
  });
  return roll;
}

const C = [48, 52, 55];
const G = [43, 47, 50];
const bar = (pitches: readonly number[], chord: readonly number[]): Column[] =>
  pitches.map((melody) => ({ melody, chord }));
const A = bar([72, 72, 76, 76, 79, 79, 76, 76], C);
const B = bar([71, 71, 74, 74, 79, 79, 74, 74], G);
const VARIED = bar([72, 72, 76, 76, 77, 79, 74, 72], C);

/** C major, bars of 8: A B A B, A varied, and the beginning of a bar. */
export const LITTLE_TUNE: readonly Column[] = [...A, ...B, ...A, ...B, ...VARIED, { melody: 72, chord: C }];
