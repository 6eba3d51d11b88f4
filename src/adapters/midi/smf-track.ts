import { MidiError } from '../../domain/midi/midi-error.js';
import type { MidiLimits } from '../../domain/midi/midi-limits.js';
import type { Note } from '../../domain/music/score.js';
import { MetaEventReader, type TrackMetaEvents } from './smf-meta.js';
import type { NotePairing } from './note-pairing.js';
import type { TrackChunk } from './smf-chunks.js';
import type { WarningList } from './warning-list.js';

/** The parsed events of one track chunk. */
export interface TrackEvents extends TrackMetaEvents {
  /** In the order of `compareNotes`, of all channels. */
  readonly notes: readonly Note[];
  /** The first program of each of the 16 channels, -1 for none. */
  readonly programs: Int8Array;
  /** The last tick of the track. */
  readonly endTick: number;
  /** Byte offset of the last event. */
  readonly endOffset: number;
  /** Whether there is an end-of-track event. */
  readonly hasEnd: boolean;
}

/** Reads the events of one track chunk after the other. */
export class TrackReader {
  private events = 0;
  private at = 0;
  private limit = 0;
  private tick = 0;
  private hasEnd = false;
  private programs = NO_PROGRAMS;
  private readonly metas: MetaEventReader;

  constructor(
    readonly bytes: Uint8Array,
    private readonly limits: MidiLimits,
    readonly warnings: WarningList,
    private readonly pairing: NotePairing,
  ) {
    this.metas = new MetaEventReader(bytes, warnings);
  }

  /**
   * @param startTick tick of the score at which the track starts
   * @param scale ticks of the score for each tick of the file
   */
  read(chunk: TrackChunk, startTick: number, scale: number): TrackEvents {
    this.at = chunk.start;
    this.limit = chunk.limit;
    this.tick = startTick;
    this.hasEnd = false;
    this.programs = NO_PROGRAMS;
    const endOffset = this.readEvents(chunk, scale);
    const { notes, hanging, firstHanging } = this.pairing.endTrack(this.tick);
    if (hanging > 0) {
      const which =
        hanging === 1 ? 'this note is never released; it ends' : `${hanging} notes are never released; they end`;
      this.warnings.add(firstHanging, `${which} with the track`);
    }
    const { programs, tick: endTick, hasEnd } = this;
    const { name, tempos, timeSignatures, keySignatures } = this.metas.finish();
    return { name, tempos, timeSignatures, keySignatures, notes, programs, endTick, endOffset, hasEnd };
  }

  /** Returns where the last event is. */
  private readEvents(chunk: TrackChunk, scale: number): number {
    const { bytes, limit } = this;
    let running = 0;
    let lastEvent = chunk.start;
    while (this.at < limit && this.at !== chunk.claimedEnd) {
      const eventOffset = this.at;
      if (++this.events > this.limits.events) throw this.tooManyEvents(eventOffset);
      const first = bytes[eventOffset]!;
      let delta = first;
      if (first < 0x80) this.at = eventOffset + 1;
      else delta = this.variableLengthQuantity();
      if (delta < 0 || this.at >= limit) return this.cut(eventOffset, lastEvent);
      const tick = this.tick + delta * scale;
      let status = bytes[this.at]!;
      if (status >= 0x80) this.at++;
      else if (running > 0) status = running;
      else throw badEvent(this.at, `a status byte should be here, got the data byte ${status}`);
      if (status < 0xf0) {
        running = status;
        if (!this.channelEvent(status, tick, eventOffset)) return this.cut(eventOffset, lastEvent);
      } else {
        const outcome = this.metaOrSysexEvent(status, tick, chunk);
        if (outcome === 'cut') return this.cut(eventOffset, lastEvent);
        if (outcome === 'end') {
          this.tick = tick;
          this.hasEnd = true;
          this.checkEnd(chunk);
          return eventOffset;
        }
      }
      this.tick = tick;
      lastEvent = eventOffset;
    }
    this.warnings.add(this.at, 'the track has no end-of-track event');
    return lastEvent;
  }

  /** Returns false when the bytes end inside the event. */
  private channelEvent(status: number, tick: number, eventOffset: number): boolean {
    const kind = status >> 4;
    const size = kind === PROGRAM_CHANGE || kind === CHANNEL_PRESSURE ? 1 : 2;
    const channel = status & 0x0f;
    const first = this.dataByte(this.at);
    const second = size === 2 && first >= 0 ? this.dataByte(this.at + 1) : 0;
    if (first < 0 || second < 0) return false;
    this.at += size;
    if (kind === NOTE_ON && second > 0) this.pairing.noteOn(tick, channel, first, second, eventOffset);
    else if (kind === NOTE_ON || kind === NOTE_OFF) this.pairing.noteOff(tick, channel, first);
    else if (kind === PROGRAM_CHANGE && this.programs[channel]! < 0) this.setProgram(channel, first);
    return true;
  }

  private setProgram(channel: number, program: number): void {
    if (this.programs === NO_PROGRAMS) this.programs = NO_PROGRAMS.slice();
    this.programs[channel] = program;
  }

  /** -1 past the end. */
  private dataByte(at: number): number {
    if (at >= this.limit) return -1;
    const value = this.bytes[at]!;
    if (value > 127) throw badEvent(at, `a data byte should be here (0..127), got ${value}`);
    return value;
  }

  /** Meta events, system exclusive messages and escapes: a length and so many bytes. */
  private metaOrSysexEvent(status: number, tick: number, chunk: TrackChunk): 'read' | 'end' | 'cut' {
    let type = -1;
    if (status === META) {
      type = this.dataByte(this.at);
      if (type < 0) return 'cut';
      this.at++;
      if (type === END_OF_TRACK) {
        this.skipEndLength();
        return 'end';
      }
    } else if (status !== SYSTEM_EXCLUSIVE && status !== ESCAPE) {
      throw badEvent(this.at - 1, `an event should be here, got ${status}, which no file may hold`);
    }
    const lengthOffset = this.at;
    const length = this.variableLengthQuantity();
    if (length < 0) return 'cut';
    if (length > this.limit - this.at) {
      if (!chunk.isWhole) return 'cut';
      const reason = `an event of ${length} bytes, but its track ends after ${this.limit - this.at}`;
      throw new MidiError('MIDI_BAD_LENGTH', lengthOffset, reason);
    }
    if (type >= 0) this.metas.read(type, this.at, length, tick);
    this.at += length;
    return 'read';
  }

  /** The end of a track has no data; whatever length it claims, nothing follows. */
  private skipEndLength(): void {
    if (this.at < this.limit && this.bytes[this.at] === 0) this.at++;
  }

  private checkEnd({ claimedEnd, isWhole }: TrackChunk): void {
    const rest = claimedEnd - this.at;
    if (isWhole && rest > 0) this.warnings.add(this.at, `${rest} bytes after the end of the track are ignored`);
  }

  private cut(eventOffset: number, lastEvent: number): number {
    this.warnings.add(eventOffset, 'the track ends inside this event; what comes before is used');
    this.at = this.limit;
    return lastEvent;
  }

  /** A variable-length number, 0..2^28-1; -1 when the bytes end inside it. */
  private variableLengthQuantity(): number {
    const { bytes, limit, at } = this;
    let value = 0;
    for (let i = 0; i < 4; i++) {
      if (at + i >= limit) return -1;
      const byte = bytes[at + i]!;
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) {
        this.at = at + i + 1;
        return value;
      }
    }
    throw new MidiError('MIDI_BAD_LENGTH', at, 'a variable-length number should have 4 bytes or fewer, got more');
  }

  private tooManyEvents(offset: number): MidiError {
    return new MidiError('MIDI_TOO_MANY_EVENTS', offset, `there are more than ${this.limits.events} events`);
  }
}

/** Shared by all tracks that set none. */
const NO_PROGRAMS = new Int8Array(16).fill(-1);

const NOTE_OFF = 0x8;
const NOTE_ON = 0x9;
const PROGRAM_CHANGE = 0xc;
const CHANNEL_PRESSURE = 0xd;
const SYSTEM_EXCLUSIVE = 0xf0;
const ESCAPE = 0xf7;
const META = 0xff;
const END_OF_TRACK = 0x2f;

const badEvent = (offset: number, reason: string): MidiError => new MidiError('MIDI_BAD_EVENT', offset, reason);
