import type { Midi } from '@tonejs/midi';
import { MidiError } from '../../domain/midi/midi-error.js';
import { compareNotes, countNotes, endOfNote, type Score, type Track } from '../../domain/music/score.js';
import type { MidiReader } from '../../ports/midi-reader.js';
import type { MidiWriter } from '../../ports/midi-writer.js';
import { decodeMetaText } from './midi-text.js';
import { createStandardMidiReader } from './standard-midi-reader.js';
import { TONEJS_KEY_NAMES, repairKeySignatures } from './tonejs-key-signatures.js';

/**
 * The library @tonejs/midi 2.0 as a reader and a writer, loaded when this is called.
 *
 * It never returns from some damaged files, drops notes that are not released, has no SMPTE time and takes time in the
 * square of the notes. So its reader takes only what our own reader finds whole, and refuses the rest by name.
 */
export async function loadToneMidi(): Promise<{ readonly reader: MidiReader; readonly writer: MidiWriter }> {
  const { default: library } = await import('@tonejs/midi');
  return { reader: createToneMidiReader(library.Midi), writer: createToneMidiWriter(library.Midi) };
}

/** In one track. With more, its reader would take seconds. */
const MAX_NOTES_PER_TRACK = 20_000;

/** The longest silence that its writer gets right. */
const MAX_TICK = 2 ** 28 - 1;

function createToneMidiReader(ToneMidi: typeof Midi): MidiReader {
  const strict = createStandardMidiReader();
  return {
    read(bytes) {
      const whole = strict.read(bytes);
      const [wrong] = whole.warnings;
      if (wrong !== undefined) throw unsupportedFile(wrong.offset, `is damaged (${wrong.message})`);
      if (whole.format === 2) throw unsupportedFile(8, 'is of format 2');
      if (bytes[0] !== 'M'.charCodeAt(0)) throw unsupportedFile(0, 'is inside a RIFF file');
      if (bytes[12]! >= 0x80) throw unsupportedFile(12, 'is in SMPTE time');
      if (whole.score.tracks.some(({ notes }) => notes.length > MAX_NOTES_PER_TRACK)) {
        throw unsupportedFile(0, `has more than ${MAX_NOTES_PER_TRACK} notes in a track`);
      }
      const midi = callLibrary('read', () => new ToneMidi(bytes));
      const score = validateScore(scoreOf(midi));
      if (countNotes(score) !== countNotes(whole.score)) throw unsupportedFile(0, 'has notes that get lost');
      return { score, format: whole.format, trackChunks: whole.trackChunks, warnings: [] };
    },
  };
}

function createToneMidiWriter(ToneMidi: typeof Midi): MidiWriter {
  return {
    write(score) {
      if (score.endTick > MAX_TICK) {
        throw new MidiError('MIDI_TOO_LONG', 0, `the score ends at tick ${score.endTick}, past ${MAX_TICK}`);
      }
      const bytes = callLibrary('write', () => toToneMidi(ToneMidi, score).toArray());
      return repairKeySignatures(bytes, score.keySignatures);
    },
  };
}

const unsupportedFile = (offset: number, why: string): MidiError =>
  new MidiError(
    'MIDI_LIBRARY',
    offset,
    `this file ${why}, which @tonejs/midi cannot be trusted with; use the standard reader`,
  );

/** The library throws errors of all kinds, and strings. */
function callLibrary<T>(what: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new MidiError('MIDI_LIBRARY', 0, `@tonejs/midi failed to ${what} this: ${said}`, { cause });
  }
}

function scoreOf({ header, tracks }: Midi): Score {
  const ends = tracks.flatMap((track) => [
    track.endOfTrackTicks ?? 0,
    ...track.notes.map((n) => n.ticks + n.durationTicks),
  ]);
  const marks = [...header.meta, ...header.tempos, ...header.timeSignatures, ...header.keySignatures];
  return {
    ticksPerBeat: header.ppq,
    tempos: lastAtEachTick(
      header.tempos.map(({ ticks, bpm }) => ({ tick: ticks, microsecondsPerBeat: Math.round(60e6 / bpm) })),
    ),
    timeSignatures: lastAtEachTick(
      header.timeSignatures.map(({ ticks, timeSignature: [numerator, denominator] }) => ({
        tick: ticks,
        numerator: numerator!,
        denominator: denominator!,
      })),
    ),
    keySignatures: lastAtEachTick(
      header.keySignatures.map(({ ticks, key, scale }) => ({
        tick: ticks,
        sharps: TONEJS_KEY_NAMES.indexOf(key) - 7,
        mode: scale === 'minor' ? ('minor' as const) : ('major' as const),
      })),
    ),
    tracks: tracks.map(trackOf).filter(({ name, notes }) => name !== '' || notes.length > 0),
    // The conductor's end of track is dropped by the library, so its last event must do.
    endTick: [...ends, ...marks.map(({ ticks }) => ticks)].reduce((a, b) => Math.max(a, b), 0),
  };
}

const trackOf = ({ name, channel, instrument, notes }: Midi['tracks'][number]): Track => ({
  name: decodeMetaText(Uint8Array.from(name, (character) => character.charCodeAt(0))),
  program: instrument.number,
  notes: notes
    .map((note) => ({
      pitch: note.midi,
      velocity: Math.round(note.velocity * 127),
      startTick: note.ticks,
      durationTicks: note.durationTicks,
      channel,
    }))
    .sort(compareNotes),
});

function lastAtEachTick<T extends { readonly tick: number }>(events: readonly T[]): readonly T[] {
  const sorted = [...events].sort((a, b) => a.tick - b.tick);
  return sorted.filter((event, i) => sorted[i + 1]?.tick !== event.tick);
}

/** Our reader has checked the file; this checks what the library made of it. */
function validateScore(score: Score): Score {
  const fields = [
    ...score.tempos.map((tempo) => [tempo.tick, tempo.microsecondsPerBeat]),
    ...score.timeSignatures.map((time) => [time.tick, time.numerator, time.denominator]),
    ...score.keySignatures.map((key) => [key.tick, key.sharps + 7]),
    ...score.tracks.map((track) => [track.program]),
    ...score.tracks.flatMap(({ notes }) =>
      notes.map((note) => [note.pitch, note.velocity, note.channel, endOfNote(note)]),
    ),
  ];
  if (fields.some((numbers) => numbers.some((value) => !Number.isSafeInteger(value) || value < 0))) {
    throw new MidiError('MIDI_LIBRARY', 0, '@tonejs/midi read numbers that no MIDI file can hold');
  }
  return score;
}

function toToneMidi(ToneMidi: typeof Midi, score: Score): Midi {
  const midi = new ToneMidi();
  midi.header.fromJSON({
    name: '',
    ppq: score.ticksPerBeat,
    // It rounds down, so aim between this whole number and the next. The same goes for velocities.
    tempos: score.tempos.map(({ tick, microsecondsPerBeat }) => ({
      ticks: tick,
      bpm: 60e6 / (microsecondsPerBeat + 0.5),
    })),
    timeSignatures: score.timeSignatures.map(({ tick, numerator, denominator }) => ({
      ticks: tick,
      timeSignature: [numerator, denominator],
    })),
    keySignatures: score.keySignatures.map(({ tick, mode }) => ({ ticks: tick, key: 'C', scale: mode })),
    meta: [{ type: 'text', text: '', ticks: score.endTick }], // it has no other way to say where the tune ends
  });
  for (const { name, program, notes } of score.tracks) {
    const track = midi.addTrack();
    track.name = String.fromCharCode(...new TextEncoder().encode(name));
    track.instrument.number = program;
    track.channel = notes[0]?.channel ?? 0;
    for (const { pitch, velocity, startTick, durationTicks } of notes) {
      track.addNote({ midi: pitch, velocity: (velocity + 0.5) / 127, ticks: startTick, durationTicks });
    }
  }
  return midi;
}
