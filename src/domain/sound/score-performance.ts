import { DRUM_CHANNEL, endOfNote, type Score } from '../music/score.js';
import { createTickToSeconds } from '../music/tempo-map.js';

/** A note in real time. */
export interface PlayedNote {
  /** Seconds from the start of the music. */
  readonly start: number;
  readonly end: number;
  /** 0..127 */
  readonly pitch: number;
  /** 1..127 */
  readonly velocity: number;
}

/** What one instrument plays: at most one note of a pitch at a time, in order of start, then pitch. */
export interface Part {
  /** General MIDI program, 0..127; of a drum part, its kit. */
  readonly program: number;
  readonly isDrums: boolean;
  readonly notes: readonly PlayedNote[];
}

/** A score as it is played: one part an instrument. */
export interface ScorePerformance {
  readonly parts: readonly Part[];
  /** End of the last note. */
  readonly seconds: number;
  /** Whether music was left out because it lies after the limit. */
  readonly isTruncated: boolean;
}

/** A note shorter than this is not heard as a note. */
const MIN_NOTE_SECONDS = 0.03;

/**
 * Turns ticks into seconds by the score's tempos, and tracks into instruments: all tracks of one program play as one, as
 * two hands on one keyboard. A key that is struck while it is down is let go first; it stays down until the last of its
 * notes ends.
 * @param limitSeconds what lies after it is cut off
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
      const key = isDrums ? -1 : program; // one drum kit, whatever the tracks call it
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

/** One note of a pitch at a time. */
function separateRepeatedNotes(notes: readonly PlayedNote[]): PlayedNote[] {
  const sorted = [...notes].sort((a, b) => a.start - b.start || a.pitch - b.pitch || a.end - b.end);
  const separated: PlayedNote[] = [];
  const lastOf = new Map<number, number>(); // pitch to index in separated
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
