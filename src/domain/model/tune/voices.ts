import type { PianoRoll } from '../../roll/piano-roll.js';
import { DEFAULT_ROLL_FORMAT, type RollFormat } from '../../roll/roll-format.js';

/** A melody and chords, their onsets kept apart from their sustains: the planes that `VoiceColumns` are read from. */
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
export interface VoiceColumns {
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
export function readVoices({ cells, format: { pitches, columns } }: PianoRoll): VoiceColumns {
  const size = pitches * columns;
  const starts = (channel: number, row: number, column: number): boolean =>
    cells[channel * size + row * columns + column] !== 0;
  const melody = new Int16Array(columns).fill(-1);
  const [melodyOnset, chordsOnset] = [new Uint8Array(columns), new Uint8Array(columns)];
  const chords: number[][] = Array.from({ length: columns }, () => []);
  forEachSoundingCell(cells.subarray(0, size), columns, (row, column) => void (melody[column] = row)); // the highest comes last
  forEachSoundingCell(cells.subarray(2 * size, 3 * size), columns, (row, column) => void chords[column]!.push(row));
  let length = 0;
  for (let column = 0; column < columns; column++) {
    const [row, chord] = [melody[column]!, chords[column]!];
    const before = column === 0 ? undefined : chords[column - 1]!;
    if (row >= 0) melodyOnset[column] = Number(starts(1, row, column) || melody[column - 1] !== row);
    if (chord.length > 0)
      chordsOnset[column] = Number(!sameRows(chord, before) || chord.some((each) => starts(3, each, column)));
    if (row >= 0 || chord.length > 0) length = column + 1;
  }
  return { columns, melody, melodyOnset, chords, chordsOnset, length };
}

/** The cells of a plane that sound, row by row from the lowest. */
function forEachSoundingCell(plane: Uint8Array, columns: number, visit: (row: number, column: number) => void): void {
  for (let row = 0, at = 0; at < plane.length; row++) {
    for (let column = 0; column < columns; column++, at++) if (plane[at] !== 0) visit(row, column);
  }
}

export const sameRows = (a: readonly number[], b: readonly number[] | undefined): boolean =>
  b !== undefined && a.length === b.length && a.every((row, i) => row === b[i]);
