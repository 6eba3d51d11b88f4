import { compareNotes, countNotes, type KeySignature, type Note, type Score } from '../music/score.js';
import { DEFAULT_MICROSECONDS_PER_BEAT, secondsAt } from '../music/tempo-map.js';

/** A summary of a MIDI file, or of a score in another format. */
export interface MidiFacts {
  /** Of a MIDI file only. */
  readonly format?: 0 | 1 | 2;
  /** Track chunks of a MIDI file, tracks of another. */
  readonly tracks: number;
  /** For a file in SMPTE time, the resolution that the reader chose. */
  readonly ticksPerQuarter: number;
  readonly notes: number;
  readonly endTick: number;
  /** 0..127; null if there are no notes. */
  readonly pitchMin: number | null;
  readonly pitchMax: number | null;
  /** The first note by `compareNotes`. Channels count from 0. */
  readonly firstNote: {
    readonly tick: number;
    readonly pitch: number;
    readonly duration: number;
    readonly channel: number;
    readonly velocity: number;
  } | null;
  readonly seconds: number;
  /** Quarter notes a minute at tick 0. */
  readonly qpm: number;
  /** The first time signature, such as `3/4`; null if the file has none. */
  readonly timeSignature: string | null;
  /** The first key signature, such as `Eb major`; null if the file has none. */
  readonly keySignature: string | null;
  readonly voices: readonly { readonly name: string; readonly program: number; readonly notes: number }[];
  readonly warnings: readonly MidiFinding[];
}

/** Damage in the file, and the byte where it is. */
interface MidiFinding {
  readonly offset: number;
  readonly message: string;
}

/** The result of a reader of scores. */
interface Reading {
  readonly score: Score;
  readonly format?: 0 | 1 | 2;
  readonly trackChunks?: number;
  readonly warnings: readonly MidiFinding[];
}

export function computeMidiFacts({ score, format, trackChunks, warnings }: Reading): MidiFacts {
  const { tempos, timeSignatures, keySignatures, ticksPerBeat, endTick, tracks } = score;
  const [tempo, time, key] = [tempos[0], timeSignatures[0], keySignatures[0]];
  const startTempo = tempo?.tick === 0 ? tempo.microsecondsPerBeat : DEFAULT_MICROSECONDS_PER_BEAT;
  return {
    ...(format === undefined ? {} : { format }),
    tracks: trackChunks ?? tracks.length,
    ticksPerQuarter: ticksPerBeat,
    notes: countNotes(score),
    endTick,
    ...noteFacts(score),
    seconds: secondsAt(score, endTick),
    qpm: 60e6 / startTempo,
    timeSignature: time === undefined ? null : `${time.numerator}/${time.denominator}`,
    keySignature: key === undefined ? null : keySignatureName(key),
    voices: tracks.map(({ name, program, notes }) => ({ name, program, notes: notes.length })),
    warnings,
  };
}

/** The facts as lines of text. Names are quoted as JSON, which escapes control characters. */
export function describeMidi(midi: MidiFacts, formatName: string): string[] {
  const chunks = midi.tracks === 1 ? '1 track' : `${midi.tracks} tracks`;
  const format = midi.format === undefined ? '' : `, format ${midi.format}`;
  const lines = [
    `${formatName} file${format}, ${chunks}, ${midi.ticksPerQuarter} ticks a quarter note`,
    `${midi.notes} notes in ${midi.endTick} ticks, ${midi.seconds.toFixed(1)} seconds, ` +
      `${Math.round(midi.qpm)} beats a minute`,
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
  for (const { name, program, notes } of midi.voices.slice(0, MAX_VOICES)) {
    lines.push(`voice ${name === '' ? 'without a name' : quoted(name)}: ${notes} notes, program ${program}`);
  }
  if (midi.voices.length > MAX_VOICES) lines.push(`and ${midi.voices.length - MAX_VOICES} more voices`);
  for (const { offset, message } of midi.warnings) lines.push(`damaged at byte ${offset}: ${message}`);
  return lines;
}

/** Limits of the description: a file can have 65,535 voices, and a name of several megabytes. */
const MAX_VOICES = 32;
const MAX_NAME_LENGTH = 200;

const quoted = (name: string): string =>
  name.length <= MAX_NAME_LENGTH
    ? JSON.stringify(name)
    : `${JSON.stringify(name.slice(0, MAX_NAME_LENGTH))} and ${name.length - MAX_NAME_LENGTH} more characters`;

function noteFacts({ tracks }: Score): Pick<MidiFacts, 'pitchMin' | 'pitchMax' | 'firstNote'> {
  let first: Note | undefined;
  let [lowest, highest] = [Infinity, -Infinity];
  for (const { notes } of tracks) {
    for (const note of notes) {
      lowest = Math.min(lowest, note.pitch);
      highest = Math.max(highest, note.pitch);
      if (first === undefined || compareNotes(note, first) < 0) first = note;
    }
  }
  if (first === undefined) return { pitchMin: null, pitchMax: null, firstNote: null };
  const { startTick: tick, pitch, durationTicks: duration, channel, velocity } = first;
  return { pitchMin: lowest, pitchMax: highest, firstNote: { tick, pitch, duration, channel, velocity } };
}

/** Major keys from seven flats to seven sharps; the relative minor of a key stands three places further on. */
const CIRCLE_OF_FIFTHS = 'Cb Gb Db Ab Eb Bb F C G D A E B F# C# G# D# A#'.split(' ');

const keySignatureName = ({ sharps, mode }: KeySignature): string =>
  `${CIRCLE_OF_FIFTHS[sharps + (mode === 'minor' ? 10 : 7)]} ${mode}`;
