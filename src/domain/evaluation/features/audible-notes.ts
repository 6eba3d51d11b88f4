import type { PianoRoll } from '../../roll/piano-roll.js';
import type { RollFormat } from '../../roll/roll-format.js';
import { scoreFromRoll } from '../../roll/score-from-roll.js';
import type { AudibleNote } from './audible-note.js';
import { estimateBarLength } from './estimate-bar-length.js';

/**
 * The notes of a roll: those of the score that is written of it (see scoreFromRoll), and the cells that they cover. So
 * features mean the same in every format: onsets separate repeated notes, and a cell in several voices is one note.
 */
export interface AudibleNotes {
  readonly roll: PianoRoll;
  readonly format: RollFormat;
  /** Notes of all voices, in order of start, then of pitch. */
  readonly notes: readonly AudibleNote[];
  /** First column of the first note; 0 for a blank roll. */
  readonly start: number;
  /** Number of columns up to the end of the last note; 0 for a blank roll. */
  readonly length: number;
  /** [pitches, columns], 1 where a note sounds. */
  readonly sounding: Uint8Array;
  /** Number of pitches that sound in each column. */
  readonly polyphony: Uint8Array;
  /** The top voice (skyline): a new note wherever the highest sounding note starts or changes. */
  readonly topNotes: readonly { readonly pitch: number; readonly start: number }[];
  /** The highest sounding row of each column, -1 for silence. */
  readonly topRows: Int16Array;
  /** See estimateBarLength. */
  readonly columnsPerBar: number;
}

export function findAudibleNotes(roll: PianoRoll): AudibleNotes {
  const { format } = roll;
  const { lowestPitch, pitches, columns, columnsPerBeat } = format;
  const score = scoreFromRoll(roll, { ticksPerBeat: columnsPerBeat }); // one tick a column
  const notes = score.tracks
    .flatMap((track) => track.notes)
    .map(({ pitch, startTick, durationTicks }) => ({ pitch, start: startTick, length: durationTicks }))
    .sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  const sounding = new Uint8Array(pitches * columns);
  const starts = new Uint8Array(pitches * columns);
  let length = 0;
  for (const { pitch, start, length: noteLength } of notes) {
    const from = (pitch - lowestPitch) * columns + start;
    sounding.fill(1, from, from + noteLength);
    starts[from] = 1;
    if (start + noteLength > length) length = start + noteLength;
  }
  const polyphony = new Uint8Array(columns);
  const topRows = new Int16Array(columns).fill(-1);
  for (let row = 0; row < pitches; row++) {
    for (let column = 0, at = row * columns; column < length; column++, at++) {
      if (sounding[at] === 0) continue;
      polyphony[column]!++;
      topRows[column] = row;
    }
  }
  const topNotes: { pitch: number; start: number }[] = [];
  for (let column = 0; column < length; column++) {
    const row = topRows[column]!;
    if (row < 0) continue;
    const isNew = column === 0 || topRows[column - 1] !== row || starts[row * columns + column] !== 0;
    if (isNew) topNotes.push({ pitch: lowestPitch + row, start: column });
  }
  const columnsPerBar = estimateBarLength(notes, length, columnsPerBeat);
  const start = notes[0]?.start ?? 0;
  return { roll, format, notes, start, length, sounding, polyphony, topNotes, topRows, columnsPerBar };
}
