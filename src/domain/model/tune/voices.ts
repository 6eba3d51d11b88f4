import type { PianoRoll } from '../../roll/piano-roll.js';
import { DEFAULT_ROLL_FORMAT, type RollFormat } from '../../roll/roll-format.js';

/** Rolls with a melody and chords: a sustain and an onset plane for each. */
export const VOICES_FORMAT: RollFormat = {
  ...DEFAULT_ROLL_FORMAT,
  channels: [
    { voice: 'melody', kind: 'sustain' },
    { voice: 'melody', kind: 'onset' },
    { voice: 'chords', kind: 'sustain' },
    { voice: 'chords', kind: 'onset' },
  ],
};

/** A roll of two voices column by column. */
export interface VoiceColumns {
  readonly columns: number;
  /** The highest row of the melody, -1 where it rests. */
  readonly melody: Int16Array;
  /** 1 where a melody note starts. A change of row always starts a note. */
  readonly melodyOnset: Uint8Array;
  /** The rows of the chord in each column, ascending; empty where the chords are silent. */
  readonly chords: readonly (readonly number[])[];
  /** 1 where a chord starts. A change of rows always starts a chord. */
  readonly chordsOnset: Uint8Array;
  /** Columns until both voices have ended. */
  readonly length: number;
}

/**
 * Reads the voices of a roll.
 * @param roll with the channels of VOICES_FORMAT
 */
export function readVoices({ cells, format: { pitches, columns } }: PianoRoll): VoiceColumns {
  const size = pitches * columns;
  const isOn = (channel: number, row: number, column: number): boolean =>
    cells[channel * size + row * columns + column] !== 0;
  const melody = new Int16Array(columns).fill(-1);
  const [melodyOnset, chordsOnset] = [new Uint8Array(columns), new Uint8Array(columns)];
  const chords: number[][] = Array.from({ length: columns }, () => []);
  // The highest row comes last.
  forEachSoundingCell(cells.subarray(0, size), columns, (row, column) => void (melody[column] = row));
  forEachSoundingCell(cells.subarray(2 * size, 3 * size), columns, (row, column) => void chords[column]!.push(row));
  let length = 0;
  for (let column = 0; column < columns; column++) {
    const [row, chord] = [melody[column]!, chords[column]!];
    const previous = column === 0 ? undefined : chords[column - 1]!;
    if (row >= 0) melodyOnset[column] = Number(isOn(1, row, column) || melody[column - 1] !== row);
    if (chord.length > 0)
      chordsOnset[column] = Number(!sameRows(chord, previous) || chord.some((each) => isOn(3, each, column)));
    if (row >= 0 || chord.length > 0) length = column + 1;
  }
  return { columns, melody, melodyOnset, chords, chordsOnset, length };
}

/** Visits the sounding cells of a plane row by row, from the lowest. */
function forEachSoundingCell(plane: Uint8Array, columns: number, visit: (row: number, column: number) => void): void {
  for (let row = 0, at = 0; at < plane.length; row++) {
    for (let column = 0; column < columns; column++, at++) if (plane[at] !== 0) visit(row, column);
  }
}

const sameRows = (a: readonly number[], b: readonly number[] | undefined): boolean =>
  b !== undefined && a.length === b.length && a.every((row, i) => row === b[i]);
