/** Rows from the top, three bytes (red, green, blue) a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** width * height * 3 */
  readonly rgb: Uint8Array;
}
