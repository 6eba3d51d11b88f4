import { UsageError } from '../errors.js';
import { MidiError } from './midi-error.js';
import type { PianoRoll } from './piano-roll.js';
import { cellCount, type Channel, type RollFormat } from './roll-format.js';
import { DRUM_CHANNEL, type Score, type Track } from './score.js';
import { melodyTrack } from './melody-track.js';
import { drawSkyline } from './skyline.js';

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
export interface QuantizedNotes {
  /** All notes of the score. */
  readonly notes: number;
  /** Notes that are left out because no row has their pitch. */
  readonly notesOutside: number;
  /** Notes on the drum channel, which no voice takes: their pitches name instruments. */
  readonly drumNotes: number;
}

export interface QuantizedScore extends QuantizedNotes {
  /** In order of time, without blank ones. */
  readonly rolls: readonly PianoRoll[];
}

/** The same, without holding all rolls: a day of music fills more memory than its file by a million. */
export interface CutScore extends QuantizedNotes {
  readonly rollCount: number;
  /** In order of time, without blank ones. Each is good until the next one is asked for: all share their cells. */
  rolls(): Iterable<PianoRoll>;
}

/** Columns of all rolls of one score together: a hanging note must not fill the memory. */
export const MAX_COLUMNS = 1_000_000;

/**
 * Cuts a score into rolls of `format`.
 *
 * A note's start and its end each round to the nearest column, halves up, and a note lasts at least one column.
 * A note that crosses the end of a roll goes on in the next one and has an onset in both: each roll is a picture of its
 * own, in which a run of `sustain` without an onset would mean nothing. Time without notes costs nothing.
 *
 * @throws MidiError MIDI_TOO_LONG when the rolls would hold more than MAX_COLUMNS columns.
 * @throws UsageError for a layback that leaves nothing of a roll.
 */
export function rollsFromScore(score: Score, format: RollFormat, options: QuantizeOptions = {}): QuantizedScore {
  const { rolls, notes, notesOutside, drumNotes } = cutScore(score, format, options);
  const kept = Array.from(rolls(), ({ cells }) => ({ format, cells: cells.slice() }));
  return { rolls: kept, notes, notesOutside, drumNotes };
}

/** As `rollsFromScore`, one roll at a time. */
export function cutScore(score: Score, format: RollFormat, options: QuantizeOptions = {}): CutScore {
  const melody = melodyTrack(score);
  const limit = options.windows === 'first' ? 1 : Infinity;
  const canvas = new Canvas(format, 0, limit, options.shiftColumns ?? 0, melody === undefined);
  const counts = drawScore(score, canvas, options, melody);
  return { ...counts, rollCount: canvas.rollCount, rolls: () => canvas.rolls() };
}

/** The one roll that starts at `startColumn` of the score, blank or not. */
export function rollFromScore(
  score: Score,
  format: RollFormat,
  { startColumn = 0, ...options }: Omit<QuantizeOptions, 'windows'> & { readonly startColumn?: number } = {},
): PianoRoll {
  const melody = melodyTrack(score);
  const canvas = new Canvas(format, startColumn, 1, options.shiftColumns ?? 0, melody === undefined);
  drawScore(score, canvas, options, melody);
  const [roll] = canvas.rolls();
  return roll ?? { format, cells: new Uint8Array(cellCount(format)) };
}

/** The column nearest to a tick; half a column rounds up. */
export const columnAt = (tick: number, ticksPerBeat: number, columnsPerBeat: number): number =>
  Math.floor((2 * tick * columnsPerBeat + ticksPerBeat) / (2 * ticksPerBeat));

/** Draws every note into the planes of its voices, and counts. */
function drawScore(
  score: Score,
  canvas: Canvas,
  { fold = false, transpose = 0 }: QuantizeOptions,
  melody: Track | undefined,
): QuantizedNotes {
  const { format } = canvas;
  const { ticksPerBeat } = score;
  const { columnsPerBeat } = format;
  let [notes, notesOutside, drumNotes] = [0, 0, 0];
  for (const track of score.tracks) {
    const part = melody === undefined ? track.name : track === melody ? 'melody' : 'chords';
    const sources = canvas.sources.filter(
      ({ voice }) => voice === 'all' || voice === part || (voice === track.name && !isDerived(voice)),
    );
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

/** The row of a pitch, or -1 for one outside. A range of less than an octave cannot take every pitch even folded. */
function rowOf(pitch: number, { lowestPitch, pitches }: RollFormat, fold: boolean): number {
  let row = pitch - lowestPitch;
  if (fold && row >= pitches) row -= 12 * Math.ceil((row - pitches + 1) / 12);
  else if (fold && row < 0) row += 12 * Math.ceil(-row / 12);
  return row < pitches && row >= 0 ? row : -1;
}

/** Whose notes to draw, and where each kind goes: the offset of its plane, or -1 for nowhere. */
interface Source {
  readonly voice: string;
  readonly sustain: number;
  readonly onset: number;
  /** The columns of each row that the notes drawn last cover together, from..to-1. */
  readonly coveredFrom: Float64Array;
  readonly coveredTo: Float64Array;
}

/** The rolls of one score while they are drawn. Only windows in which something sounds exist. */
class Canvas {
  readonly sources: readonly Source[];
  private readonly planes: number;
  private readonly drawsSkyline: boolean;
  /** A bit a cell, the first in the lowest: a day of music has a thousand windows. */
  private readonly windows = new Map<number, Uint8Array>();
  private current: Uint8Array | undefined;
  private currentIndex = -1;

  constructor(
    readonly format: RollFormat,
    /** Column of the score at which the first window starts. */
    private readonly origin: number,
    private readonly windowLimit: number,
    private readonly shift: number,
    /** Whether melody and chords are to be found note by note, because no track is the melody. */
    findsMelody: boolean,
  ) {
    if (!Number.isInteger(shift) || shift < 0 || shift >= format.columns) {
      throw new UsageError(`the layback must be a whole number from 0 to ${format.columns - 1} columns, got ${shift}`);
    }
    const { channels } = format;
    const isSkyline = ({ voice }: Channel): boolean => findsMelody && isDerived(voice);
    this.drawsSkyline = channels.some(isSkyline);
    // The skyline is made from the sustain and onset planes of all notes, kept after the roll's own planes.
    this.planes = channels.length + (this.drawsSkyline ? 2 : 0);
    const voices = [...new Set(channels.filter((c) => !isSkyline(c)).map((c) => c.voice))];
    const place = (voice: string, kind: string): number =>
      channels.findIndex((c) => c.voice === voice && c.kind === kind);
    const sources = voices.map((voice) => this.source(voice, place(voice, 'sustain'), place(voice, 'onset')));
    if (this.drawsSkyline) sources.push(this.source('all', channels.length, channels.length + 1));
    this.sources = sources;
  }

  /** Draws columns start..end-1 of a row, in every window that they touch. */
  drawNote(source: Source, row: number, start: number, end: number): void {
    const from = Math.max(0, start - this.origin);
    const to = end - this.origin;
    if (from >= to) return;
    this.drawOnset(source, row, from);
    // What an earlier note has drawn already is passed over, so that any number of hanging notes takes linear time.
    const { coveredFrom, coveredTo } = source;
    const overlaps = coveredFrom[row]! <= from && from <= coveredTo[row]!;
    this.drawRun(source, row, overlaps ? coveredTo[row]! : from, to);
    if (!overlaps) coveredFrom[row] = from;
    coveredTo[row] = overlaps ? Math.max(coveredTo[row]!, to) : to;
  }

  private drawOnset({ onset }: Source, row: number, column: number): void {
    const { columns } = this.format;
    const index = Math.floor(column / columns);
    const local = column - index * columns + this.shift;
    if (onset >= 0 && index < this.windowLimit && local < columns)
      setBit(this.window(index), onset + row * columns + local);
  }

  /** A run goes on in the next window with an onset. */
  private drawRun({ sustain, onset }: Source, row: number, from: number, to: number): void {
    const { columns } = this.format;
    const base = row * columns;
    for (let index = Math.floor(from / columns); index < this.windowLimit && index * columns < to; index++) {
      const first = Math.max(0, from - index * columns) + this.shift;
      const last = Math.min(columns, to - index * columns + this.shift);
      if (first >= last) continue;
      const bits = this.window(index);
      if (sustain >= 0) setBits(bits, sustain + base + first, sustain + base + last);
      if (onset >= 0 && from <= index * columns) setBit(bits, onset + base + this.shift);
    }
  }

  get rollCount(): number {
    return this.windows.size;
  }

  *rolls(): Generator<PianoRoll> {
    const { format, windows } = this;
    const all = new Uint8Array(this.planeOffset(this.planes));
    const cells = all.subarray(0, cellCount(format));
    for (const index of [...windows.keys()].sort((a, b) => a - b)) {
      unpackInto(all, windows.get(index)!);
      if (this.drawsSkyline) drawSkyline(all, format);
      yield { format, cells };
    }
  }

  private window(index: number): Uint8Array {
    if (index === this.currentIndex) return this.current!;
    let bits = this.windows.get(index);
    if (bits === undefined) {
      bits = new Uint8Array(Math.ceil(this.planeOffset(this.planes) / 8));
      this.windows.set(index, bits);
      const columns = this.windows.size * this.format.columns;
      if (this.windows.size > 1 && columns > MAX_COLUMNS) {
        throw new MidiError('MIDI_TOO_LONG', 0, `the music fills more than ${MAX_COLUMNS} columns of piano roll`);
      }
    }
    [this.current, this.currentIndex] = [bits, index];
    return bits;
  }

  private source(voice: string, sustain: number, onset: number): Source {
    const [coveredFrom, coveredTo] = [this.format.pitches, this.format.pitches].map((n) =>
      new Float64Array(n).fill(-1),
    );
    return {
      voice,
      sustain: this.planeOffset(sustain),
      onset: this.planeOffset(onset),
      coveredFrom: coveredFrom!,
      coveredTo: coveredTo!,
    };
  }

  /** Negative for a plane of -1, one that the roll does not have. */
  private planeOffset(plane: number): number {
    return plane * this.format.pitches * this.format.columns;
  }
}

function setBit(bits: Uint8Array, at: number): void {
  bits[at >> 3]! |= 1 << (at & 7);
}

/** Bits from..to-1 */
function setBits(bits: Uint8Array, from: number, to: number): void {
  const [first, last] = [from >> 3, to >> 3];
  const [head, tail] = [(0xff << (from & 7)) & 0xff, (1 << (to & 7)) - 1];
  if (first === last) {
    bits[first]! |= head & tail;
    return;
  }
  bits[first]! |= head;
  bits.fill(0xff, first + 1, last);
  if (tail !== 0) bits[last]! |= tail;
}

/** Nearly all bytes of bits are 0. */
function unpackInto(cells: Uint8Array, bits: Uint8Array): void {
  cells.fill(0);
  for (let i = 0; i < bits.length; i++) {
    for (let byte = bits[i]!, at = 8 * i; byte !== 0; byte >>= 1, at++) cells[at] = byte & 1;
  }
}

/** The voices that mean the same in every score, whatever its tracks are called. */
const isDerived = (voice: string): boolean => voice === 'melody' || voice === 'chords';
