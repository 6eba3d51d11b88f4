import type { RollFormat } from './roll-format.js';

/**
 * Transposes cells [channels, pitches, columns] by semitones. A row that would leave the roll is moved back into it by
 * octaves; where two rows meet, the larger value wins. In a roll of fewer than 12 pitches rows may be lost.
 */
export function transposeCells<T extends Uint8Array | Float32Array>(
  cells: T,
  { channels, pitches, columns }: RollFormat,
  semitones: number,
): T {
  const transposed = new (cells.constructor as new (length: number) => T)(cells.length);
  for (let channel = 0; channel < channels.length; channel++) {
    for (let row = 0; row < pitches; row++) {
      const target = wrapRow(row + semitones, pitches);
      if (target === undefined) continue;
      const [from, to] = [(channel * pitches + row) * columns, (channel * pitches + target) * columns];
      for (let column = 0; column < columns; column++) {
        if (cells[from + column]! > transposed[to + column]!) transposed[to + column] = cells[from + column]!;
      }
    }
  }
  return transposed;
}

function wrapRow(row: number, pitches: number): number | undefined {
  let at = row;
  while (at >= pitches) at -= 12;
  while (at < 0) at += 12;
  return at < pitches ? at : undefined;
}

/**
 * The semitones, -11..11, from one pitch class to another: up or down, whichever moves fewer sounding cells out of the
 * roll; if equally many, the shorter way.
 */
export function chooseTransposition(from: number, to: number, cells: Uint8Array, format: RollFormat): number {
  const up = (((to - from) % 12) + 12) % 12;
  if (up === 0) return 0;
  const candidates = up <= 6 ? [up, up - 12] : [up - 12, up];
  const leaving = candidates.map((semitones) => countLeavingCells(cells, format, semitones));
  return leaving[1]! < leaving[0]! ? candidates[1]! : candidates[0]!;
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
