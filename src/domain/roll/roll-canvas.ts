import { ByteSlab } from '../byte-slab.js';
import { UsageError } from '../errors.js';
import { MidiError } from '../midi/midi-error.js';
import { packInto, packedSize, type PianoRoll } from './piano-roll.js';
import { cellCount, isDerivedVoice, type RollChannel, type ChannelKind, type RollFormat } from './roll-format.js';
import { drawSkyline } from './skyline.js';

/** A voice and the offsets of its planes among the cells; negative for a plane that the roll does not have. */
interface PlaneOffsets {
  readonly voice: string;
  readonly sustain: number;
  readonly onset: number;
}

export interface VoicePlanes extends PlaneOffsets {
  /** For each row, the last connected run of columns that was drawn: from..to-1. */
  readonly coveredFrom: number[];
  readonly coveredTo: number[];
}

/** The planes of a window. */
interface PlaneLayout {
  readonly voices: readonly PlaneOffsets[];
  /** Number of planes: those of the roll, and two with all notes if the skyline is drawn from them. */
  readonly planes: number;
  readonly drawsSkyline: boolean;
}

/** Limit for all rolls of one score, so that a hanging note does not use up the memory. */
const MAX_COLUMNS = 1_000_000;

/** Draws the notes of a score into its rolls, or windows. Only windows that contain notes are allocated. */
export class RollCanvas {
  readonly voicePlanes: readonly VoicePlanes[];
  private readonly layout: PlaneLayout;
  /** Packed windows by index, one bit a cell: a day of music has a thousand windows. */
  private readonly windows = new Map<number, Uint8Array>();
  private current: Uint8Array | undefined;
  private currentIndex = -1;
  /** Columns of the current window that stay on the roll after the shift: from..to-1. */
  private currentFrom = 0;
  private currentTo = -1;

  constructor(
    readonly format: RollFormat,
    /** Column of the score at which the first window starts. */
    private readonly origin: number,
    private readonly windowLimit: number,
    /** Columns by which each roll is shifted right (layback). */
    private readonly shift: number,
    /** Whether melody and chords come from the skyline, because no track is the melody. */
    usesSkyline: boolean,
  ) {
    if (!Number.isInteger(shift) || shift < 0 || shift >= format.columns) {
      throw new UsageError(`the layback must be a whole number from 0 to ${format.columns - 1} columns, got ${shift}`);
    }
    this.layout = layoutOf(format, usesSkyline);
    const sources: VoicePlanes[] = [];
    for (const { voice, sustain, onset } of this.layout.voices) {
      const coveredFrom = new Array<number>(format.pitches).fill(-1);
      const coveredTo = new Array<number>(format.pitches).fill(-1);
      sources.push({ voice, sustain, onset, coveredFrom, coveredTo });
    }
    this.voicePlanes = sources;
  }

  /** Draws columns start..end-1 of a row into every window that they touch. */
  drawNote(source: VoicePlanes, row: number, start: number, end: number): void {
    const from = Math.max(0, start - this.origin);
    const to = end - this.origin;
    if (from >= to) return;
    if (source.onset >= 0) this.drawOnset(source, row, from);
    // Skips what an earlier note has drawn, so that any number of hanging notes takes linear time.
    const { coveredFrom, coveredTo } = source;
    const overlaps = coveredFrom[row]! <= from && from <= coveredTo[row]!;
    this.drawRun(source, row, overlaps ? coveredTo[row]! : from, to);
    if (!overlaps) coveredFrom[row] = from;
    coveredTo[row] = overlaps ? Math.max(coveredTo[row]!, to) : to;
  }

  private drawOnset({ onset }: VoicePlanes, row: number, column: number): void {
    const { columns } = this.format;
    const index = Math.floor(column / columns);
    const local = column - index * columns + this.shift;
    if (index < this.windowLimit && local < columns) setBit(this.window(index), onset + row * columns + local);
  }

  /** Draws a run of sustain; where it continues in another window it has an onset there. */
  private drawRun({ sustain, onset }: VoicePlanes, row: number, from: number, to: number): void {
    if (from >= to) return;
    const { columns } = this.format;
    const base = row * columns;
    if (from > this.currentFrom && to <= this.currentTo) {
      const shifted = base + this.shift - this.currentFrom; // most notes lie inside the window of the previous one
      if (sustain >= 0) setBits(this.current!, sustain + shifted + from, sustain + shifted + to);
      return;
    }
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

  /** Yields the rolls in order of time. They share their cells, so each is valid until the next one is taken. */
  *rolls(): Generator<PianoRoll> {
    const { format } = this;
    const all = new Uint8Array(planeOffset(format, this.layout.planes));
    const cells = all.subarray(0, cellCount(format));
    for (const bits of this.inOrder()) {
      unpackInto(all, bits);
      if (this.layout.drawsSkyline) drawSkyline(all, format);
      yield { format, cells };
    }
  }

  /** Yields the same rolls as `packRoll` gives them. Each is valid until the next one is taken. */
  *packedRolls(): Generator<Uint8Array> {
    if (!this.layout.drawsSkyline) {
      yield* this.inOrder(); // windows are packed already
      return;
    }
    const packed = new Uint8Array(packedSize(this.format));
    for (const roll of this.rolls()) {
      packInto(packed.fill(0), roll);
      yield packed;
    }
  }

  private inOrder(): Uint8Array[] {
    const { windows } = this;
    if (windows.size === 1) return [this.current!];
    const all: Uint8Array[] = [];
    for (const index of [...windows.keys()].sort((a, b) => a - b)) all.push(windows.get(index)!);
    return all;
  }

  private window(index: number): Uint8Array {
    if (index === this.currentIndex) return this.current!;
    let bits = this.windows.get(index);
    if (bits === undefined) {
      bits = WINDOW_SLAB.allocate(Math.ceil(planeOffset(this.format, this.layout.planes) / 8));
      this.windows.set(index, bits);
      if (this.windows.size > 1 && this.windows.size * this.format.columns > MAX_COLUMNS) {
        throw new MidiError('MIDI_TOO_LONG', 0, `the music fills more than ${MAX_COLUMNS} columns of piano roll`);
      }
    }
    const { columns } = this.format;
    this.current = bits;
    this.currentIndex = index;
    this.currentFrom = index * columns;
    this.currentTo = (index + 1) * columns - this.shift;
    return bits;
  }
}

/** Memory for windows; most tunes have one or two. */
const WINDOW_SLAB = new ByteSlab(2 ** 17);

/** The layouts of a format, by `usesSkyline`: thousands of tunes are drawn in one format. */
const LAYOUTS = new WeakMap<RollFormat, Map<boolean, PlaneLayout>>();

function layoutOf(format: RollFormat, usesSkyline: boolean): PlaneLayout {
  const known = LAYOUTS.get(format) ?? new Map<boolean, PlaneLayout>();
  const layout = known.get(usesSkyline) ?? createLayout(format, usesSkyline);
  LAYOUTS.set(format, known.set(usesSkyline, layout));
  return layout;
}

function createLayout(format: RollFormat, usesSkyline: boolean): PlaneLayout {
  const { channels } = format;
  const isSkyline = ({ voice }: RollChannel): boolean => usesSkyline && isDerivedVoice(voice);
  const drawsSkyline = channels.some(isSkyline);
  const names = [...new Set(channels.filter((c) => !isSkyline(c)).map((c) => c.voice))];
  const plane = (voice: string, kind: ChannelKind): number =>
    channels.findIndex((c) => c.voice === voice && c.kind === kind);
  const offsets = (voice: string, sustain: number, onset: number): PlaneOffsets => ({
    voice,
    sustain: planeOffset(format, sustain),
    onset: planeOffset(format, onset),
  });
  const voices = names.map((voice) => offsets(voice, plane(voice, 'sustain'), plane(voice, 'onset')));
  // The skyline is drawn from the sustain and the onset plane of all notes, which follow the planes of the roll.
  if (drawsSkyline) voices.push(offsets('all', channels.length, channels.length + 1));
  return { voices, planes: channels.length + (drawsSkyline ? 2 : 0), drawsSkyline };
}

/** Negative for plane -1, which stands for a plane that the roll does not have. */
const planeOffset = ({ pitches, columns }: RollFormat, plane: number): number => plane * pitches * columns;

// Bits count from the highest bit of the first byte, as in a packed roll.

function setBit(bits: Uint8Array, at: number): void {
  bits[at >> 3]! |= 0x80 >> (at & 7);
}

/** Sets bits from..to-1. */
function setBits(bits: Uint8Array, from: number, to: number): void {
  const first = from >> 3;
  const last = to >> 3;
  const head = 0xff >> (from & 7);
  const tail = 0xff00 >> (to & 7); // a Uint8Array keeps the low eight bits
  if (first === last) {
    bits[first]! |= head & tail;
    return;
  }
  bits[first]! |= head;
  bits.fill(0xff, first + 1, last);
  if ((to & 7) !== 0) bits[last]! |= tail;
}

/** Unpacks bits into cells. Nearly all bytes are 0, so it loops over the set bits only. */
function unpackInto(cells: Uint8Array, bits: Uint8Array): void {
  cells.fill(0);
  for (let i = 0; i < bits.length; i++) {
    for (let byte = bits[i]!, at = 8 * i; byte !== 0; byte = (byte << 1) & 0xff, at++) cells[at] = byte >> 7;
  }
}
