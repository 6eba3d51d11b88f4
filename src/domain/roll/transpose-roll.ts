import type { RollFormat } from './roll-format.js';

/**
 * Cells [channels, pitches, columns] moved up by semitones (down, when negative). A row that would leave the roll comes back
 * into it an octave lower or higher, so that its pitch class stays; where two rows meet the larger value wins. Rows that no
 * octave brings back are lost: there are none in a roll of 12 pitches or more.
 */
export function transposeCells<T extends Uint8Array | Float32Array>(
  cells: T,
  { channels, pitches, columns }: RollFormat,
  semitones: number,
): T {
  const moved = new (cells.constructor as new (length: number) => T)(cells.length);
  for (let channel = 0; channel < channels.length; channel++) {
    for (let row = 0; row < pitches; row++) {
      const target = wrapRow(row + semitones, pitches);
      if (target === undefined) continue;
      const [from, to] = [(channel * pitches + row) * columns, (channel * pitches + target) * columns];
      for (let column = 0; column < columns; column++) {
        if (cells[from + column]! > moved[to + column]!) moved[to + column] = cells[from + column]!;
      }
    }
  }
  return moved;
}

function wrapRow(row: number, pitches: number): number | undefined {
  let at = row;
  while (at >= pitches) at -= 12;
  while (at < 0) at += 12;
  return at < pitches ? at : undefined;
}

/**
 * The semitones, -11..11, that bring one pitch class to another: up or down, whichever makes fewer sounding cells leave the
 * roll, the smaller of the two when neither does.
 */
export function chooseTransposition(from: number, to: number, cells: Uint8Array, format: RollFormat): number {
  const up = (((to - from) % 12) + 12) % 12;
  if (up === 0) return 0;
  const ways = up <= 6 ? [up, up - 12] : [up - 12, up];
  const lost = ways.map((semitones) => countLeavingCells(cells, format, semitones));
  return lost[1]! < lost[0]! ? ways[1]! : ways[0]!;
}

function countLeavingCells(cells: Uint8Array, { channels, pitches, columns }: RollFormat, semitones: number): number {
  let count = 0;
  for (let line = 0; line < channels.length * pitches; line++) {
    const target = (line % pitches) + semitones;
    if (target >= 0 && target < pitches) continue;
    for (let at = line * columns; at < (line + 1) * columns; at++) count += cells[at]!;
  }
  return count;
}
