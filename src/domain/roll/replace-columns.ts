import type { PianoRoll } from './piano-roll.js';
import { channelName, type RollFormat } from './roll-format.js';

/** Columns from..to-1 of a roll. */
export interface ColumnRange {
  readonly from: number;
  readonly to: number;
}

/** A copy of cells [channels, pitches, columns] in which the columns of the range come from `kept`. */
export function replaceColumns<T extends Uint8Array | Float32Array>(
  cells: T,
  kept: ArrayLike<number>,
  { channels, pitches, columns }: RollFormat,
  { from, to }: ColumnRange,
): T {
  const result = cells.slice() as T;
  for (let line = 0; line < channels.length * pitches; line++) {
    for (let at = line * columns + from; at < line * columns + to; at++) result[at] = kept[at]!;
  }
  return result;
}

/**
 * The roll with an onset wherever a run of `sustain` starts exactly at `column`, in voices that have an onset channel.
 * Use it where two rolls were joined: the second roll may hold the run as the continuation of a note.
 */
export function addSeamOnsets({ cells, format }: PianoRoll, column: number): PianoRoll {
  const { channels, pitches, columns } = format;
  if (column <= 0 || column >= columns) return { cells, format };
  const withOnsets = cells.slice();
  const names = channels.map(channelName);
  channels.forEach(({ voice, kind }, channel) => {
    const onset = names.indexOf(`${voice}:onset`);
    if (kind !== 'sustain' || onset < 0) return;
    for (let row = 0; row < pitches; row++) {
      const at = (channel * pitches + row) * columns + column;
      if (cells[at] !== 0 && cells[at - 1] === 0) withOnsets[(onset * pitches + row) * columns + column] = 1;
    }
  });
  return { cells: withOnsets, format };
}
