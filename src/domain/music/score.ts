/** One note. All numbers are whole. */
export interface Note {
  /** 0..127, 60 is middle C. */
  readonly pitch: number;
  /** 1..127 */
  readonly velocity: number;
  readonly startTick: number;
  /** 0 or more; a note of no length is legal in MIDI. */
  readonly durationTicks: number;
  /** 0..15; 9 is the drum channel of General MIDI. */
  readonly channel: number;
}

/** One voice of a score, all on one MIDI channel, notes in the order of `compareNotes`. */
export interface Track {
  /** Its name in the file, or ''. */
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

/** What a MIDI file says, in ticks. */
export interface Score {
  /** 1..32,767 for files that say it; a file in SMPTE time is given a tick grid that keeps its times. */
  readonly ticksPerBeat: number;
  /** In order of tick; empty means 120 beats a minute throughout. */
  readonly tempos: readonly Tempo[];
  readonly timeSignatures: readonly TimeSignature[];
  readonly keySignatures: readonly KeySignature[];
  readonly tracks: readonly Track[];
  /** Where the last track ends, at least the end of the last note. */
  readonly endTick: number;
}

/** The channel that General MIDI keeps for drums, whose pitches name instruments. */
export const DRUM_CHANNEL = 9;

/** By start, pitch, duration, channel, velocity: an order that no file layout changes. */
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

/** How many notes all tracks hold together. */
export const countNotes = (score: Score): number => score.tracks.reduce((sum, track) => sum + track.notes.length, 0);

/** Of the notes those on the drum channel. */
export const countDrumNotes = ({ tracks }: Pick<Score, 'tracks'>): number =>
  tracks.reduce((sum, { notes }) => sum + notes.filter(({ channel }) => channel === DRUM_CHANNEL).length, 0);
