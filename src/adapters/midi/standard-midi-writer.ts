import { MidiError } from '../../domain/midi/midi-error.js';
import { compareNotes, endOfNote, type Note, type Score, type Track } from '../../domain/music/score.js';
import type { MidiWriter } from '../../ports/midi-writer.js';
import { ByteWriter } from './byte-writer.js';

/**
 * Writes Standard MIDI Files of format 1: a conductor track with tempos and signatures, then one track a voice.
 * Every event says its status and notes end with a note-off, so that the simplest of readers is served.
 */
export function createStandardMidiWriter(): MidiWriter {
  return {
    write(score) {
      if (score.endTick > MAX_TICK) {
        throw new MidiError('MIDI_TOO_LONG', 0, `the score ends at tick ${score.endTick}, past ${MAX_TICK}`);
      }
      if (score.tracks.length > MAX_TRACKS) {
        const reason = `the score has ${score.tracks.length} tracks, a file holds ${MAX_TRACKS} and a conductor`;
        throw new MidiError('MIDI_TOO_MANY_TRACKS', 0, reason);
      }
      const out = new ByteWriter();
      out.ascii('MThd').uint32(6).uint16(1);
      out.uint16(score.tracks.length + 1).uint16(score.ticksPerBeat);
      writeChunk(out, score.endTick, (events) => writeConductor(events, score));
      for (const track of score.tracks) {
        const end = track.notes.reduce((last, note) => Math.max(last, endOfNote(note)), 0);
        writeChunk(out, end, (events) => writeTrack(events, track));
      }
      return out.bytes();
    },
  };
}

/** A variable-length number has four groups of seven bits. */
const MAX_DELTA_TIME = 2 ** 28 - 1;
/** A thousand events without meaning bridge this much silence. */
const MAX_TICK = 1000 * MAX_DELTA_TIME;

const MAX_TRACKS = 65_534;

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const PROGRAM_CHANGE = 0xc0;
const META = { text: 0x01, name: 0x03, end: 0x2f, tempo: 0x51, timeSignature: 0x58, keySignature: 0x59 } as const;
const RELEASE_VELOCITY = 64; // what the standard gives to keyboards that do not measure it

/** The events of one track chunk: each call moves on to a tick and leaves the event itself to the caller. */
type MoveToTick = (tick: number) => ByteWriter;

function writeChunk(out: ByteWriter, endTick: number, write: (events: MoveToTick) => void): void {
  const length = out.ascii('MTrk').reserveUint32();
  let now = 0;
  const events: MoveToTick = (tick) => {
    for (; tick - now > MAX_DELTA_TIME; now += MAX_DELTA_TIME)
      out.variableLengthQuantity(MAX_DELTA_TIME).meta(META.text, []);
    out.variableLengthQuantity(tick - now);
    now = tick;
    return out;
  };
  write(events);
  events(Math.max(endTick, now)).meta(META.end, []);
  out.fillLength(length);
}

function writeConductor(events: MoveToTick, { tempos, timeSignatures, keySignatures }: Score): void {
  const metas = [
    ...timeSignatures.map(({ tick, numerator, denominator }) => ({
      tick,
      type: META.timeSignature,
      data: [numerator, Math.log2(denominator), 24, 8], // a metronome click a beat, 8 thirty-seconds a beat
    })),
    ...keySignatures.map(({ tick, sharps, mode }) => ({
      tick,
      type: META.keySignature,
      data: [sharps & 0xff, mode === 'minor' ? 1 : 0],
    })),
    ...tempos.map(({ tick, microsecondsPerBeat: us }) => ({ tick, type: META.tempo, data: [us >> 16, us >> 8, us] })),
  ];
  for (const { tick, type, data } of metas.sort((a, b) => a.tick - b.tick)) events(tick).meta(type, data);
}

function writeTrack(events: MoveToTick, { name, program, notes }: Track): void {
  if (name !== '') events(0).meta(META.name, new TextEncoder().encode(name));
  events(0).bytes2(PROGRAM_CHANGE | (notes[0]?.channel ?? 0), program);
  const starts = isSorted(notes) ? notes : [...notes].sort(compareNotes);
  const ends = starts.filter((note) => note.durationTicks > 0).sort((a, b) => endOfNote(a) - endOfNote(b));
  let released = 0;
  const releaseUntil = (tick: number): void => {
    while (released < ends.length && endOfNote(ends[released]!) <= tick) writeNoteOff(events, ends[released++]!);
  };
  for (const note of starts) {
    releaseUntil(note.startTick); // before the new note, which may be of the same pitch
    events(note.startTick).bytes3(NOTE_ON | note.channel, note.pitch, note.velocity);
    if (note.durationTicks === 0) writeNoteOff(events, note);
  }
  releaseUntil(Infinity);
}

const writeNoteOff = (events: MoveToTick, note: Note): ByteWriter =>
  events(endOfNote(note)).bytes3(NOTE_OFF | note.channel, note.pitch, RELEASE_VELOCITY);

const isSorted = (notes: readonly Note[]): boolean =>
  notes.every((note, i) => i === 0 || compareNotes(notes[i - 1]!, note) <= 0);
