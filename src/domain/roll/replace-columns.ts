import type { PianoRoll } from './piano-roll.js';
import { channelName, type RollFormat } from './roll-format.js';

/** Columns from..to-1 of a roll. */
export interface ColumnRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Cells [channels, pitches, columns] with the range's columns taken from another roll of the format, bit for bit.
 */
export function replaceColumns<T extends Uint8Array | Float32Array>(
  cells: T,
  kept: ArrayLike<number>,
  { channels, pitches, columns }: RollFormat,
  { from, to }: ColumnRange,
): T {
  const joined = cells.slice() as T;
  for (let line = 0; line < channels.length * pitches; line++) {
    for (let at = line * columns + from; at < line * columns + to; at++) joined[at] = kept[at]!;
  }
  return joined;
}

/**
 * The same roll with an onset wherever a run of `sustain` begins without one right at `column`, in a voice that has onsets:
 * where two pictures were joined, what goes on in the second was not begun in the first.
 */
export function addSeamOnsets({ cells, format }: PianoRoll, column: number): PianoRoll {
  const { channels, pitches, columns } = format;
  if (column <= 0 || column >= columns) return { cells, format };
  const mended = cells.slice();
  const names = channels.map(channelName);
  channels.forEach(({ voice, kind }, channel) => {
    const onset = names.indexOf(`${voice}:onset`);
    if (kind !== 'sustain' || onset < 0) return;
    for (let row = 0; row < pitches; row++) {
      const at = (channel * pitches + row) * columns + column;
      if (cells[at] !== 0 && cells[at - 1] === 0) mended[(onset * pitches + row) * columns + column] = 1;
    }
  });
  return { cells: mended, format };
}
