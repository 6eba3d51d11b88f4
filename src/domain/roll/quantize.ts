import type { PianoRoll } from './piano-roll.js';
import { cellCount, isDerivedVoice, type RollFormat } from './roll-format.js';
import { RollCanvas, type VoicePlanes } from './roll-canvas.js';
import { DRUM_CHANNEL, type Score, type Track } from '../music/score.js';
import { findMelodyTrack } from '../music/melody-track.js';

interface QuantizeOptions {
  /** `all` (the default): as many consecutive rolls as the score needs; `first`: only the first one. */
  readonly windows?: 'all' | 'first';
  /** Transpose notes outside the pitch range into it by octaves. Default false: they are left out. */
  readonly fold?: boolean;
  /** Layback: columns, 0 or more, by which each roll is shifted right; its right end is cut off. */
  readonly shiftColumns?: number;
  /** Semitones by which all notes are transposed; negative is down. */
  readonly transpose?: number;
}

/** Numbers of notes of a score. */
export interface NoteCounts {
  /** All notes of the score. */
  readonly notes: number;
  /** Notes left out because their pitch has no row. */
  readonly notesOutside: number;
  /** Notes left out because they are on the drum channel. */
  readonly drumNotes: number;
}

interface QuantizedScore extends NoteCounts {
  /** Rolls that are not blank, in order of time. */
  readonly rolls: readonly PianoRoll[];
}

/** A quantized score whose rolls are made one at a time: those of a day of music may not fit into memory. */
interface LazyQuantizedScore extends NoteCounts {
  readonly rollCount: number;
  /** Yields the rolls that are not blank as `packRoll` gives them. Each is valid until the next one is taken. */
  packedRolls(): Iterable<Uint8Array>;
}

/**
 * Cuts a score into rolls of `format`. The start and the end of a note round to the nearest column, halves up; a note
 * lasts at least one column. A note that crosses the end of a roll continues in the next one, with an onset in both,
 * since every roll must be complete by itself. Silence between notes takes neither time nor memory.
 *
 * @throws MidiError MIDI_TOO_LONG when the rolls would have more than a million columns.
 * @throws UsageError for a layback that shifts everything out of the roll.
 */
export function rollsFromScore(score: Score, format: RollFormat, options: QuantizeOptions = {}): QuantizedScore {
  const { canvas, counts } = quantizeWindows(score, format, options);
  return { rolls: Array.from(canvas.rolls(), ({ cells }) => ({ format, cells: cells.slice() })), ...counts };
}

/** Like `rollsFromScore`, but makes one roll at a time. */
export function quantizeScoreLazily(
  score: Score,
  format: RollFormat,
  options: QuantizeOptions = {},
): LazyQuantizedScore {
  const { canvas, counts } = quantizeWindows(score, format, options);
  const { notes, notesOutside, drumNotes } = counts;
  return { notes, notesOutside, drumNotes, rollCount: canvas.rollCount, packedRolls: () => canvas.packedRolls() };
}

function quantizeWindows(
  score: Score,
  format: RollFormat,
  options: QuantizeOptions,
): { readonly canvas: RollCanvas; readonly counts: NoteCounts } {
  const melody = melodyFor(format, score);
  const limit = options.windows === 'first' ? 1 : Infinity;
  const canvas = new RollCanvas(format, 0, limit, options.shiftColumns ?? 0, melody === undefined);
  return { canvas, counts: drawNotes(score, canvas, options, melody) };
}

/** The melody track, if the format needs it. */
const melodyFor = ({ channels }: RollFormat, score: Score): Track | undefined =>
  channels.some(({ voice }) => isDerivedVoice(voice)) ? findMelodyTrack(score) : undefined;

/** One roll, which may be blank: the one that starts at column `startColumn` of the score. */
export function singleRollFromScore(
  score: Score,
  format: RollFormat,
  { startColumn = 0, ...options }: Omit<QuantizeOptions, 'windows'> & { readonly startColumn?: number } = {},
): PianoRoll {
  const melody = melodyFor(format, score);
  const canvas = new RollCanvas(format, startColumn, 1, options.shiftColumns ?? 0, melody === undefined);
  drawNotes(score, canvas, options, melody);
  const [roll] = canvas.rolls();
  return roll ?? { format, cells: new Uint8Array(cellCount(format)) };
}

/** The column nearest to a tick; halves round up. */
export const columnAt = (tick: number, ticksPerBeat: number, columnsPerBeat: number): number =>
  Math.floor((2 * tick * columnsPerBeat + ticksPerBeat) / (2 * ticksPerBeat));

/** Draws every note into the planes of its voices, and counts notes. */
function drawNotes(
  score: Score,
  canvas: RollCanvas,
  { fold = false, transpose = 0 }: QuantizeOptions,
  melody: Track | undefined,
): NoteCounts {
  const { format } = canvas;
  const { ticksPerBeat } = score;
  const { columnsPerBeat } = format;
  let notes = 0;
  let notesOutside = 0;
  let drumNotes = 0;
  for (const track of score.tracks) {
    const sources = voicePlanesOf(track, canvas, melody);
    notes += track.notes.length;
    for (const note of track.notes) {
      if (note.channel === DRUM_CHANNEL) {
        drumNotes++;
        continue;
      }
      const row = rowOf(note.pitch + transpose, format, fold);
      if (row < 0) {
        notesOutside++;
        continue;
      }
      const start = columnAt(note.startTick, ticksPerBeat, columnsPerBeat);
      const end = columnAt(note.startTick + note.durationTicks, ticksPerBeat, columnsPerBeat);
      for (const source of sources) canvas.drawNote(source, row, start, end > start ? end : start + 1);
    }
  }
  return { notes, notesOutside, drumNotes };
}

/** The planes into which the notes of a track are drawn. */
function voicePlanesOf(track: Track, canvas: RollCanvas, melody: Track | undefined): readonly VoicePlanes[] {
  const { name } = track;
  const part = melody === undefined ? name : track === melody ? 'melody' : 'chords';
  const sources: VoicePlanes[] = []; // faster than the result of `filter`, whose element kind V8 does not know
  for (const source of canvas.voicePlanes) {
    const { voice } = source;
    if (voice === 'all' || voice === part || (voice === name && !isDerivedVoice(voice))) sources.push(source);
  }
  return sources;
}

/** The row of a pitch, or -1. With fewer than 12 rows folding does not find a row for every pitch. */
function rowOf(pitch: number, { lowestPitch, pitches }: RollFormat, fold: boolean): number {
  let row = pitch - lowestPitch;
  if (fold && row >= pitches) row -= 12 * Math.ceil((row - pitches + 1) / 12);
  else if (fold && row < 0) row += 12 * Math.ceil(-row / 12);
  return row < pitches && row >= 0 ? row : -1;
}
