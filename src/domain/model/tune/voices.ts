import type { PianoRoll } from '../../music/piano-roll.js';
import { DEFAULT_ROLL_FORMAT, type RollFormat } from '../../music/roll-format.js';

/** A melody and chords, their onsets kept apart from their sustains: the planes that `TuneLines` are read from. */
export const VOICES_FORMAT: RollFormat = {
  ...DEFAULT_ROLL_FORMAT,
  channels: [
    { voice: 'melody', kind: 'sustain' },
    { voice: 'melody', kind: 'onset' },
    { voice: 'chords', kind: 'sustain' },
    { voice: 'chords', kind: 'onset' },
  ],
};

/** A roll of two voices column by column: one row of melody, one set of rows below it. */
export interface TuneLines {
  readonly columns: number;
  /** The highest row of the melody, -1 where it rests. */
  readonly melody: Int16Array;
  /** 1 where the melody starts a note. A new row is a new note, and so is the first column's. */
  readonly melodyOnset: Uint8Array;
  /** Rows that sound in the chords, ascending. */
  readonly chords: readonly (readonly number[])[];
  /** 1 where the chords start; other rows are another chord. */
  readonly chordsOnset: Uint8Array;
  /** Columns until both voices have ended. */
  readonly length: number;
}

/** @param roll with the channels of VOICES_FORMAT */
export function readVoices({ cells, format: { pitches, columns } }: PianoRoll): TuneLines {
  const sounds = (channel: number, row: number, column: number): boolean =>
    cells[(channel * pitches + row) * columns + column] !== 0;
  const melody = new Int16Array(columns).fill(-1);
  const [melodyOnset, chordsOnset] = [new Uint8Array(columns), new Uint8Array(columns)];
  const chords: number[][] = Array.from({ length: columns }, () => []);
  let length = 0;
  for (let column = 0; column < columns; column++) {
    const chord = chords[column]!;
    for (let row = 0; row < pitches; row++) {
      if (sounds(0, row, column)) melody[column] = row;
      if (sounds(2, row, column)) chord.push(row);
    }
    const row = melody[column]!;
    const before = column === 0 ? undefined : chords[column - 1]!;
    if (row >= 0) melodyOnset[column] = Number(sounds(1, row, column) || melody[column - 1] !== row);
    if (chord.length > 0)
      chordsOnset[column] = Number(!sameRows(chord, before) || chord.some((each) => sounds(3, each, column)));
    if (row >= 0 || chord.length > 0) length = column + 1;
  }
  return { columns, melody, melodyOnset, chords, chordsOnset, length };
}

export const sameRows = (a: readonly number[], b: readonly number[] | undefined): boolean =>
  b !== undefined && a.length === b.length && a.every((row, i) => row === b[i]);
