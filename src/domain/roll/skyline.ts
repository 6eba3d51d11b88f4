import type { RollFormat } from './roll-format.js';

/**
 * Draws the channels of `melody` and `chords`. The melody is the skyline, the highest sounding row of each column
 * (Uitdenbogerd and Zobel 1998, "Manipulation of music for melody matching"); the chords are all other rows.
 * A voice has an onset where a note starts, and where it continues a note that was in the other voice until then.
 *
 * @param cells [channels + 2, pitches, columns]: the roll, then the sustain and the onset plane of all notes
 */
export function drawSkyline(cells: Uint8Array, format: RollFormat): void {
  const { pitches, columns, channels } = format;
  const plane = pitches * columns;
  const sustain = cells.subarray(channels.length * plane, (channels.length + 1) * plane);
  const onset = cells.subarray((channels.length + 1) * plane);
  const top = highestRows(sustain, pitches, columns);
  channels.forEach(({ voice, kind }, index) => {
    if (voice !== 'melody' && voice !== 'chords') return;
    const inVoice = (row: number, column: number): boolean =>
      sustain[row * columns + column] !== 0 && (top[column] === row) === (voice === 'melody');
    for (let row = 0; row < pitches; row++) {
      for (let column = 0; column < columns; column++) {
        if (!inVoice(row, column)) continue;
        const starts = onset[row * columns + column] !== 0 || column === 0 || !inVoice(row, column - 1);
        if (kind === 'sustain' || starts) cells[index * plane + row * columns + column] = 1;
      }
    }
  });
}

/** The highest row that sounds in each column, -1 for silence. */
function highestRows(sustain: Uint8Array, pitches: number, columns: number): Int32Array {
  const top = new Int32Array(columns).fill(-1);
  for (let row = 0; row < pitches; row++) {
    for (let column = 0; column < columns; column++) if (sustain[row * columns + column] !== 0) top[column] = row;
  }
  return top;
}
