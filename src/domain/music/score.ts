/** One note. All numbers are whole. */
export interface Note {
  /** 0..127, 60 is middle C. */
  readonly pitch: number;
  /** 1..127 */
  readonly velocity: number;
  readonly startTick: number;
  /** 0 or more: MIDI allows notes of no length. */
  readonly durationTicks: number;
  /** 0..15; 9 is the General MIDI drum channel. */
  readonly channel: number;
}

/** One voice of a score, on one MIDI channel. Its notes are in the order of `compareNotes`. */
export interface Track {
  /** Track name in the file, or ''. */
  readonly name: string;
  /** General MIDI program, 0..127; 0 is the piano. */
  readonly program: number;
  readonly notes: readonly Note[];
}

export interface Tempo {
  readonly tick: number;
  /** 1..16,777,215; 500,000 is 120 beats a minute. */
  readonly microsecondsPerBeat: number;
}

export interface TimeSignature {
  readonly tick: number;
  readonly numerator: number;
  /** A power of two, 1..128. */
  readonly denominator: number;
}

export interface KeySignature {
  readonly tick: number;
  /** Sharps (1..7) or flats (-7..-1). */
  readonly sharps: number;
  readonly mode: 'major' | 'minor';
}

/** The contents of a MIDI file. Times are in ticks. */
export interface Score {
  /** 1..32,767. For a file in SMPTE time the reader chooses ticks that keep its times. */
  readonly ticksPerBeat: number;
  /** In order of tick; before the first one the tempo is 120 beats a minute. */
  readonly tempos: readonly Tempo[];
  readonly timeSignatures: readonly TimeSignature[];
  readonly keySignatures: readonly KeySignature[];
  readonly tracks: readonly Track[];
  /** End of the longest track, not before the end of the last note. */
  readonly endTick: number;
}

/** The drum channel of General MIDI. Its pitches stand for percussion instruments. */
export const DRUM_CHANNEL = 9;

/** Orders notes by start, pitch, duration, channel and velocity, which does not depend on the layout of the file. */
export function compareNotes(a: Note, b: Note): number {
  return (
    a.startTick - b.startTick ||
    a.pitch - b.pitch ||
    a.durationTicks - b.durationTicks ||
    a.channel - b.channel ||
    a.velocity - b.velocity
  );
}

export const endOfNote = (note: Note): number => note.startTick + note.durationTicks;

/** Number of notes in all tracks. */
export const countNotes = (score: Score): number => score.tracks.reduce((sum, track) => sum + track.notes.length, 0);

/** Number of notes on the drum channel. */
export const countDrumNotes = ({ tracks }: Pick<Score, 'tracks'>): number =>
  tracks.reduce((sum, { notes }) => sum + notes.filter(({ channel }) => channel === DRUM_CHANNEL).length, 0);
