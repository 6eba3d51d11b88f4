/** A note on the roll's grid. */
export interface AudibleNote {
  /** MIDI pitch, 0..127. */
  readonly pitch: number;
  /** First column. */
  readonly start: number;
  /** Columns, 1 or more. */
  readonly length: number;
}
