import type { PianoRoll } from './piano-roll.js';
import { cellCount, isDerivedVoice, type RollFormat } from './roll-format.js';
import { RollCanvas, type VoicePlanes } from './roll-canvas.js';
import { DRUM_CHANNEL, type Score, type Track } from '../music/score.js';
import { findMelodyTrack } from '../music/melody-track.js';

export interface QuantizeOptions {
  /** `all` (the default): as many rolls as the score needs, one after the other; `first`: only the first. */
  readonly windows?: 'all' | 'first';
  /** Move notes outside the pitch range into it by octaves. Default false: they are left out. */
  readonly fold?: boolean;
  /** Layback: move each roll right by 0 or more columns; what falls off its right end is cut. */
  readonly shiftColumns?: number;
  /** Semitones up (or down, when negative) for every note. */
  readonly transpose?: number;
}

/** What became of the notes of a score. */
export interface NoteCounts {
  /** All notes of the score. */
  readonly notes: number;
  /** Notes that are left out because no row has their pitch. */
  readonly notesOutside: number;
  /** Notes on the drum channel, which no voice takes: their pitches name instruments. */
  readonly drumNotes: number;
}

export interface QuantizedScore extends NoteCounts {
  /** In order of time, without blank ones. */
  readonly rolls: readonly PianoRoll[];
}

/** The same, without holding all rolls: a day of music fills more memory than its file by a million. */
export interface LazyQuantizedScore extends NoteCounts {
  readonly rollCount: number;
  /** Packed (see packRoll), in order of time, without blank ones. Each is good until the next one is asked for. */
  packedRolls(): Iterable<Uint8Array>;
}

/**
 * Cuts a score into rolls of `format`.
 *
 * A note's start and its end each round to the nearest column, halves up, and a note lasts at least one column.
 * A note that crosses the end of a roll goes on in the next one and has an onset in both: each roll is a picture of its
 * own, in which a run of `sustain` without an onset would mean nothing. Time without notes costs nothing.
 *
 * @throws MidiError MIDI_TOO_LONG when the rolls would hold more than a million columns.
 * @throws UsageError for a layback that leaves nothing of a roll.
 */
export function rollsFromScore(score: Score, format: RollFormat, options: QuantizeOptions = {}): QuantizedScore {
  const { canvas, counts } = quantizeWindows(score, format, options);
  return { rolls: Array.from(canvas.rolls(), ({ cells }) => ({ format, cells: cells.slice() })), ...counts };
}

/** As `rollsFromScore`, one roll at a time. */
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

/** Looked for only where a channel asks for it. */
const melodyFor = ({ channels }: RollFormat, score: Score): Track | undefined =>
  channels.some(({ voice }) => isDerivedVoice(voice)) ? findMelodyTrack(score) : undefined;

/** The one roll that starts at `startColumn` of the score, blank or not. */
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

/** The column nearest to a tick; half a column rounds up. */
export const columnAt = (tick: number, ticksPerBeat: number, columnsPerBeat: number): number =>
  Math.floor((2 * tick * columnsPerBeat + ticksPerBeat) / (2 * ticksPerBeat));

/** Draws every note into the planes of its voices, and counts. */
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

/** The planes that take the notes of a track. */
function voicePlanesOf(track: Track, canvas: RollCanvas, melody: Track | undefined): readonly VoicePlanes[] {
  const { name } = track;
  const part = melody === undefined ? name : track === melody ? 'melody' : 'chords';
  const sources: VoicePlanes[] = []; // of one kind to the compiler, which what `filter` returns is not
  for (const source of canvas.voicePlanes) {
    const { voice } = source;
    if (voice === 'all' || voice === part || (voice === name && !isDerivedVoice(voice))) sources.push(source);
  }
  return sources;
}

/** The row of a pitch, or -1 for one outside. A range of less than an octave cannot take every pitch even folded. */
function rowOf(pitch: number, { lowestPitch, pitches }: RollFormat, fold: boolean): number {
  let row = pitch - lowestPitch;
  if (fold && row >= pitches) row -= 12 * Math.ceil((row - pitches + 1) / 12);
  else if (fold && row < 0) row += 12 * Math.ceil(-row / 12);
  return row < pitches && row >= 0 ? row : -1;
}
