/** How much of a MIDI file is taken in before it is refused. */
export interface MidiLimits {
  /** Of the whole file. */
  readonly bytes: number;
  /** In all tracks together. */
  readonly events: number;
  /** Track chunks. */
  readonly tracks: number;
  /** Of music, by the file's own tempos. */
  readonly seconds: number;
}

export const MIDI_LIMITS: MidiLimits = {
  bytes: 64 * 1024 * 1024,
  events: 4_000_000,
  tracks: 65_535,
  seconds: 24 * 60 * 60,
};
