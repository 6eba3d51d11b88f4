/** A note whose times are columns of a roll. */
export interface AudibleNote {
  /** MIDI pitch, 0..127. */
  readonly pitch: number;
  /** First column. */
  readonly start: number;
  /** Number of columns, 1 or more. */
  readonly length: number;
}
