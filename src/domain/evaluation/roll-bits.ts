import type { PianoRoll } from '../roll/piano-roll.js';

/** The sounding cells of a roll as bits, for fast comparison of rolls. */
export interface RollBits {
  readonly pitches: number;
  readonly columns: number;
  /** 32-bit words in a row. */
  readonly wordsPerRow: number;
  /** [pitches, wordsPerRow]; the highest bit of a word is its first column. */
  readonly bits: Int32Array;
  /** Numbers of sounding cells: of the roll, of each row and of each column. */
  readonly soundingCells: number;
  readonly cellsPerRow: Uint32Array;
  readonly cellsPerColumn: Uint8Array;
}

/** A cell sounds if it is set in any channel. */
export function bitsOfRoll({ cells, format }: PianoRoll): RollBits {
  const { pitches, columns, channels } = format;
  const wordsPerRow = (columns + 31) >> 5;
  const bits = new Int32Array(pitches * wordsPerRow);
  for (let channel = 0, at = 0; channel < channels.length; channel++) {
    for (let row = 0; row < pitches; row++) {
      for (let column = 0; column < columns; column++, at++) {
        if (cells[at] !== 0) bits[row * wordsPerRow + (column >> 5)]! |= 1 << (31 - (column & 31));
      }
    }
  }
  const cellsPerRow = new Uint32Array(pitches);
  const cellsPerColumn = new Uint8Array(columns);
  let total = 0;
  for (let row = 0; row < pitches; row++) {
    for (let column = 0; column < columns; column++) {
      const bit = (bits[row * wordsPerRow + (column >> 5)]! >>> (31 - (column & 31))) & 1;
      cellsPerRow[row]! += bit;
      cellsPerColumn[column]! += bit;
      total += bit;
    }
  }
  return { pitches, columns, wordsPerRow, bits, soundingCells: total, cellsPerRow, cellsPerColumn };
}

const { imul } = Math;

/** Number of bits set in a 32-bit word (Warren, "Hacker's Delight", 5-1). */
export function popCount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
