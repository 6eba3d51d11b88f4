import { cellCount, type RollFormat } from './roll-format.js';

/**
 * A piano roll: [channels, pitches, columns] cells of 0 or 1; row 0 is the lowest pitch.
 * Index of a cell: (channel * pitches + row) * columns + column.
 */
export interface PianoRoll {
  readonly format: RollFormat;
  readonly cells: Uint8Array;
}

export const blankRoll = (format: RollFormat): PianoRoll => ({ format, cells: new Uint8Array(cellCount(format)) });

/** Bytes of a packed roll. */
export const packedSize = (format: RollFormat): number => cellCount(format) / 8;

/** Packs eight columns into a byte, the first column in the highest bit, as numpy.packbits does along the last axis. */
export function packRoll(roll: PianoRoll): Uint8Array {
  const packed = new Uint8Array(roll.cells.length / 8);
  packInto(packed, roll);
  return packed;
}

/** Packs a roll into `packed`, which must be all zeros. */
export function packInto(packed: Uint8Array, { cells }: PianoRoll): void {
  // Nearly all cells are 0, so four are tested at a time. A view of 32-bit words needs an aligned offset.
  const aligned = cells.byteOffset % 4 === 0 ? cells : cells.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, cells.length / 4);
  for (let w = 0; w < words.length; w++) {
    if (words[w] === 0) continue;
    for (let i = 4 * w; i < 4 * w + 4; i++) if (cells[i] !== 0) packed[i >> 3]! |= 0x80 >> (i & 7);
  }
}

export function unpackRoll(packed: Uint8Array, format: RollFormat): PianoRoll {
  const cells = new Uint8Array(packed.length * 8);
  unpackCells(packed, cells, 0);
  return { format, cells };
}

/** Unpacks bits into `out` from `offset` on, where it must be all zeros. */
export function unpackCells(packed: Uint8Array, out: Uint8Array | Float32Array, offset: number): void {
  for (let i = 0; i < packed.length; i++) {
    const bits = packed[i]!;
    if (bits === 0) continue; // true of nine in ten bytes of a tune
    const at = offset + i * 8;
    for (let b = 0; b < 8; b++) out[at + b] = (bits >> (7 - b)) & 1;
  }
}

/** Sets the cells whose probability is at least `threshold`. @param probabilities [channels, pitches, columns] */
export function thresholdRoll(probabilities: Float32Array, format: RollFormat, threshold: number): PianoRoll {
  const cells = new Uint8Array(probabilities.length);
  for (let i = 0; i < cells.length; i++) cells[i] = probabilities[i]! >= threshold ? 1 : 0;
  return { format, cells };
}

export const isBlank = (roll: PianoRoll): boolean => !roll.cells.includes(1);
