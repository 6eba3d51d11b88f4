import { DomainError, DamagedFileError } from '../domain/errors.js';
import { compareNotes, countNotes, type KeySignature, type Note, type Score } from '../domain/music/score.js';
import type { FileStore } from '../ports/file-store.js';
import type { MidiReader, MidiWarning } from '../ports/midi-reader.js';

/** What a MIDI file holds, in MIDI's own words and numbers. */
export interface MidiInspection {
  readonly kind: 'midi';
  readonly path: string;
  readonly format: 0 | 1 | 2;
  /** Track chunks in the file. */
  readonly tracks: number;
  readonly ticksPerQuarter: number;
  readonly notes: number;
  readonly endTick: number;
  /** 0..127; null when there is no note. */
  readonly pitchMin: number | null;
  readonly pitchMax: number | null;
  /** The note that starts first; of several, the lowest. Channels count from 0. */
  readonly firstNote: {
    readonly tick: number;
    readonly pitch: number;
    readonly duration: number;
    readonly channel: number;
    readonly velocity: number;
  } | null;
  readonly seconds: number;
  /** Beats a minute at the start. */
  readonly qpm: number;
  /** At the start, such as `3/4`; null when the file doesn't say. */
  readonly timeSignature: string | null;
  /** Such as `Eb major`; null when the file doesn't say. */
  readonly keySignature: string | null;
  readonly voices: readonly { readonly name: string; readonly program: number; readonly notes: number }[];
  readonly warnings: readonly MidiWarning[];
}

export type InspectMidi = (path: string) => Promise<MidiInspection>;

export const makeInspectMidi =
  (files: FileStore, reader: MidiReader): InspectMidi =>
  async (path) => {
    const bytes = await files.read(path);
    try {
      const { score, format, trackChunks, warnings } = reader.read(bytes);
      return { kind: 'midi', path, format, tracks: trackChunks, ...describeScore(score), warnings };
    } catch (cause) {
      if (cause instanceof DomainError) throw new DamagedFileError(`${path}: ${cause.message}`, { cause });
      throw cause;
    }
  };

export function describeMidi(midi: MidiInspection): string[] {
  const chunks = midi.tracks === 1 ? '1 track' : `${midi.tracks} tracks`;
  const lines = [
    `MIDI file, format ${midi.format}, ${chunks}, ${midi.ticksPerQuarter} ticks a quarter note`,
    `${midi.notes} notes in ${midi.endTick} ticks, ${midi.seconds.toFixed(1)} seconds, ${Math.round(midi.qpm)} beats a minute`,
  ];
  if (midi.firstNote !== null) {
    const { tick, pitch, duration, channel, velocity } = midi.firstNote;
    lines.push(`pitches ${midi.pitchMin} to ${midi.pitchMax}`);
    lines.push(
      `first note: pitch ${pitch} at tick ${tick} for ${duration} ticks, channel ${channel}, velocity ${velocity}`,
    );
  }
  const signatures = [midi.timeSignature, midi.keySignature].filter((signature) => signature !== null);
  if (signatures.length > 0) lines.push(`signatures: ${signatures.join(', ')}`);
  for (const { name, program, notes } of midi.voices) {
    lines.push(`voice ${name === '' ? 'without a name' : JSON.stringify(name)}: ${notes} notes, program ${program}`);
  }
  for (const { offset, message } of midi.warnings) lines.push(`damaged at byte ${offset}: ${message}`);
  return lines;
}

function describeScore(score: Score): Omit<MidiInspection, 'kind' | 'path' | 'format' | 'tracks' | 'warnings'> {
  let first: Note | undefined;
  let [lowest, highest] = [Infinity, -Infinity];
  for (const { notes } of score.tracks) {
    for (const note of notes) {
      lowest = Math.min(lowest, note.pitch);
      highest = Math.max(highest, note.pitch);
      if (first === undefined || compareNotes(note, first) < 0) first = note;
    }
  }
  const time = score.timeSignatures[0];
  const key = score.keySignatures[0];
  return {
    ticksPerQuarter: score.ticksPerBeat,
    notes: countNotes(score),
    endTick: score.endTick,
    pitchMin: first === undefined ? null : lowest,
    pitchMax: first === undefined ? null : highest,
    firstNote: first === undefined ? null : noteInWords(first),
    seconds: secondsOf(score),
    qpm: 60e6 / (score.tempos[0]?.microsecondsPerBeat ?? USUAL_TEMPO),
    timeSignature: time === undefined ? null : `${time.numerator}/${time.denominator}`,
    keySignature: key === undefined ? null : keyName(key),
    voices: score.tracks.map(({ name, program, notes }) => ({ name, program, notes: notes.length })),
  };
}

const USUAL_TEMPO = 500_000; // microseconds a beat where a file doesn't say: 120 beats a minute

const noteInWords = ({ startTick, pitch, durationTicks, channel, velocity }: Note) => ({
  tick: startTick,
  pitch,
  duration: durationTicks,
  channel,
  velocity,
});

/** Up the circle of fifths from seven flats to seven sharps; a minor key is named three fifths further up. */
const FIFTHS = 'Cb Gb Db Ab Eb Bb F C G D A E B F# C# G# D# A#'.split(' ');

const keyName = ({ sharps, mode }: KeySignature): string => `${FIFTHS[sharps + (mode === 'minor' ? 10 : 7)]} ${mode}`;

/** Length under all tempo changes. */
function secondsOf({ tempos, ticksPerBeat, endTick }: Score): number {
  let [microseconds, tick, tempo] = [0, 0, USUAL_TEMPO];
  for (const change of tempos) {
    const until = Math.min(change.tick, endTick);
    microseconds += ((until - tick) / ticksPerBeat) * tempo;
    [tick, tempo] = [until, change.microsecondsPerBeat];
  }
  return (microseconds + ((endTick - tick) / ticksPerBeat) * tempo) / 1e6;
}
