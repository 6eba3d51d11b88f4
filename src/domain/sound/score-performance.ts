import { DRUM_CHANNEL, endOfNote, type Score } from '../music/score.js';
import { createTickToSeconds } from '../music/tempo-map.js';

/** A note with times in seconds. */
export interface PlayedNote {
  /** Seconds from the start of the music. */
  readonly start: number;
  readonly end: number;
  /** 0..127 */
  readonly pitch: number;
  /** 1..127 */
  readonly velocity: number;
}

/** The notes of one instrument: at most one note of a pitch at a time, in order of start, then of pitch. */
export interface Part {
  /** General MIDI program, 0..127; in a drum part, the drum kit. */
  readonly program: number;
  readonly isDrums: boolean;
  readonly notes: readonly PlayedNote[];
}

/** A score with times in seconds and one part for each instrument. */
export interface ScorePerformance {
  readonly parts: readonly Part[];
  /** End of the last note. */
  readonly seconds: number;
  /** Whether music after the limit was left out. */
  readonly isTruncated: boolean;
}

/** Shorter notes are lengthened, as they would not be heard as notes. */
const MIN_NOTE_SECONDS = 0.03;

/**
 * Converts ticks to seconds, and tracks to instruments: all tracks of one program become one part. If a note starts
 * while another one of its pitch sounds, that one ends there, and the new one lasts until the end of both.
 * @param limitSeconds music after it is cut off
 */
export function performScore(score: Score, limitSeconds = Infinity): ScorePerformance {
  const secondsOf = createTickToSeconds(score);
  const played = new Map<number, { program: number; isDrums: boolean; notes: PlayedNote[] }>();
  let isTruncated = false;
  for (const { program, notes } of score.tracks) {
    for (const note of notes) {
      const start = secondsOf(note.startTick);
      if (start >= limitSeconds) {
        isTruncated = true;
        continue;
      }
      const isDrums = note.channel === DRUM_CHANNEL;
      const key = isDrums ? -1 : program; // one drum kit, whatever the programs of the tracks
      let part = played.get(key);
      if (part === undefined) played.set(key, (part = { program, isDrums, notes: [] }));
      const end = Math.max(secondsOf(endOfNote(note)), start + MIN_NOTE_SECONDS);
      isTruncated ||= end > limitSeconds;
      part.notes.push({ start, end: Math.min(end, limitSeconds), pitch: note.pitch, velocity: note.velocity });
    }
  }
  const parts = [...played.values()].map((part) => ({ ...part, notes: separateRepeatedNotes(part.notes) }));
  const seconds = parts.reduce((last, { notes }) => notes.reduce((end, note) => Math.max(end, note.end), last), 0);
  return { parts, seconds, isTruncated };
}

/** Shortens and merges notes so that those of one pitch do not overlap. */
function separateRepeatedNotes(notes: readonly PlayedNote[]): PlayedNote[] {
  const sorted = [...notes].sort((a, b) => a.start - b.start || a.pitch - b.pitch || a.end - b.end);
  const separated: PlayedNote[] = [];
  const lastOf = new Map<number, number>(); // index in `separated`, by pitch
  for (const note of sorted) {
    const index = lastOf.get(note.pitch);
    const before = index === undefined ? undefined : separated[index]!;
    if (before === undefined || before.end <= note.start) {
      lastOf.set(note.pitch, separated.push(note) - 1);
      continue;
    }
    const end = Math.max(before.end, note.end);
    if (before.start === note.start) {
      separated[index!] = { ...before, end, velocity: Math.max(before.velocity, note.velocity) };
    } else {
      separated[index!] = { ...before, end: note.start };
      lastOf.set(note.pitch, separated.push({ ...note, end }) - 1);
    }
  }
  return separated;
}
