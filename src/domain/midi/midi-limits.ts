/** A MIDI file that exceeds one of these limits is refused. */
export interface MidiLimits {
  /** Size of the file. */
  readonly bytes: number;
  /** Events in all tracks together. */
  readonly events: number;
  /** Track chunks. */
  readonly tracks: number;
  /** Length of the music at its own tempos. */
  readonly seconds: number;
}

export const MIDI_LIMITS: MidiLimits = {
  bytes: 64 * 1024 * 1024,
  events: 4_000_000,
  tracks: 65_535,
  seconds: 24 * 60 * 60,
};
