import { UsageError } from '../errors.js';
import type { PianoRoll } from './piano-roll.js';
import { channelName, type RollFormat } from './roll-format.js';
import { compareNotes, DRUM_CHANNEL, endOfNote, type Note, type Score } from '../music/score.js';

export interface ScoreOptions {
  /** Quarter notes a minute, 3.6 to 60,000,000; 120 by default. */
  readonly qpm?: number;
  /** General MIDI program of all tracks, 0..127; by default flute for `melody`, guitar for `chords`, else piano. */
  readonly program?: number | undefined;
  /** 1..127; 90 by default. */
  readonly velocity?: number;
  /** 1..32,767 and a multiple of the format's columns per beat; 480 by default. */
  readonly ticksPerBeat?: number;
  /** 4/4 by default. */
  readonly timeSignature?: { readonly numerator: number; readonly denominator: number };
}

/**
 * The score of a roll: a track for each voice, each on its own MIDI channel. A cell that several voices share is
 * written once, by the voice with the highest priority.
 *
 * @throws UsageError for numbers out of range, or if a column is not a whole number of ticks.
 */
export function scoreFromRoll(roll: PianoRoll, options: ScoreOptions = {}): Score {
  const { qpm = 120, program, velocity = 90, ticksPerBeat = 480, timeSignature = COMMON_TIME } = options;
  const microsecondsPerBeat = Math.round(60e6 / qpm);
  checkInteger('microseconds per beat (60,000,000 / qpm)', microsecondsPerBeat, 1, 0xffffff);
  if (program !== undefined) checkInteger('the program', program, 0, 127);
  checkInteger('the velocity', velocity, 1, 127);
  const ticks = ticksPerColumn(roll.format, ticksPerBeat);
  const voices = voicesOf(roll.format);
  const written = new Uint8Array(roll.format.pitches * roll.format.columns);
  const notesOf = new Map<Voice, Note[]>();
  for (const voice of [...voices].sort((a, b) => voicePriority(b) - voicePriority(a))) {
    const channel = MELODIC_CHANNELS[voices.indexOf(voice) % MELODIC_CHANNELS.length]!;
    notesOf.set(voice, notesOfVoice(roll, voice, written, { ticks, velocity, channel }));
  }
  const tracks = voices.map((voice) => ({
    name: voice.name,
    program: program ?? DEFAULT_PROGRAMS[voice.name] ?? 0,
    notes: notesOf.get(voice)!,
  }));
  return {
    ticksPerBeat,
    tempos: [{ tick: 0, microsecondsPerBeat }],
    timeSignatures: [{ tick: 0, ...checkTimeSignature(timeSignature) }],
    keySignatures: [],
    tracks,
    endTick: tracks.reduce((end, { notes }) => notes.reduce((e, note) => Math.max(e, endOfNote(note)), end), 0),
  };
}

/** Flute and nylon-string guitar, which are easy to tell apart. */
const DEFAULT_PROGRAMS: Readonly<Record<string, number>> = { melody: 73, chords: 24 };
const COMMON_TIME = { numerator: 4, denominator: 4 };
const MELODIC_CHANNELS = Array.from({ length: 16 }, (_, channel) => channel).filter((c) => c !== DRUM_CHANNEL);

/** A voice and the indices of its channels, -1 where it has none of that kind. */
interface Voice {
  readonly name: string;
  readonly sustain: number;
  readonly onset: number;
  /** For a voice without an onset channel: the channel `all:onset`, which counts where the voice sounds. */
  readonly sharedOnset: number;
}

/** The voices to write. With `all:sustain`, `melody` and `chords` would only repeat its notes. */
function voicesOf({ channels }: RollFormat): Voice[] {
  const names = channels.map(channelName);
  const voices = [...new Set(channels.map(({ voice }) => voice))];
  const derived = names.includes('all:sustain') ? ['melody', 'chords'] : [];
  const written = voices.filter((name) => !derived.includes(name));
  return written.map((name) => ({
    name,
    sustain: names.indexOf(`${name}:sustain`),
    onset: names.indexOf(`${name}:onset`),
    sharedOnset: names.includes(`${name}:onset`) ? -1 : names.indexOf('all:onset'),
  }));
}

/** Highest for named tracks. */
const voicePriority = ({ name }: Voice): number => ({ all: 0, chords: 1, melody: 2 })[name] ?? 3;

/**
 * The notes of one voice in cells that are not yet marked in `written`; marks them. A note starts at each onset, and
 * where a run of `sustain` starts without one. It lasts to the end of the run or to the next onset. An onset without
 * sustain is a note of one column.
 */
function notesOfVoice(
  { cells, format: { pitches, columns, lowestPitch } }: PianoRoll,
  voice: Voice,
  written: Uint8Array,
  { ticks, velocity, channel }: { readonly ticks: number; readonly velocity: number; readonly channel: number },
): Note[] {
  const notes: Note[] = [];
  const has = (plane: number, row: number, column: number): boolean =>
    plane >= 0 && cells[(plane * pitches + row) * columns + column] !== 0;
  const isSilent = (plane: number, row: number): boolean => {
    const at = (plane * pitches + row) * columns;
    return plane < 0 || !cells.subarray(at, at + columns).includes(1);
  };
  for (let row = 0; row < pitches; row++) {
    if (isSilent(voice.sustain, row) && isSilent(voice.onset, row)) continue; // most rows
    const write = (from: number, to: number): void => {
      const [startTick, durationTicks] = [from * ticks, (to - from) * ticks];
      notes.push({ pitch: lowestPitch + row, velocity, startTick, durationTicks, channel });
    };
    let start = -1; // column at which the sounding note started, or -1
    for (let column = 0; column < columns; column++) {
      const isFree = written[row * columns + column] === 0;
      const sounds = isFree && has(voice.sustain, row, column);
      const starts = isFree && (has(voice.onset, row, column) || (sounds && has(voice.sharedOnset, row, column)));
      if (start >= 0 && (starts || !sounds)) {
        write(start, column);
        start = -1;
      }
      if (starts && !sounds) write(column, column + 1);
      else if (sounds && start < 0) start = column;
      if (starts || sounds) written[row * columns + column] = 1;
    }
    if (start >= 0) write(start, columns);
  }
  return notes.sort(compareNotes);
}

function ticksPerColumn({ columnsPerBeat }: RollFormat, ticksPerBeat: number): number {
  checkInteger('ticks per beat', ticksPerBeat, 1, 32_767);
  if (ticksPerBeat % columnsPerBeat !== 0) {
    throw new UsageError(
      `a column must be a whole number of ticks, got ${ticksPerBeat} ticks and ${columnsPerBeat} columns a beat; ` +
        `choose ticks per beat that ${columnsPerBeat} divides`,
    );
  }
  return ticksPerBeat / columnsPerBeat;
}

function checkTimeSignature(signature: { readonly numerator: number; readonly denominator: number }) {
  const { numerator, denominator } = signature;
  checkInteger("the time signature's numerator", numerator, 1, 255);
  checkInteger("the time signature's denominator", denominator, 1, 128);
  if (!Number.isInteger(Math.log2(denominator))) {
    throw new UsageError(`the time signature's denominator must be a power of two, got ${denominator}`);
  }
  return { numerator, denominator };
}

function checkInteger(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new UsageError(`${name} must be a whole number from ${low} to ${high}, got ${value}`);
  }
}
