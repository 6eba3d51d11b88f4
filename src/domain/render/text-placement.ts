import type { Color } from './picture.js';

/** Position and style of a line of text. */
export interface TextPlacement {
  /** Top left corner of the first glyph, in pixels. */
  readonly left: number;
  readonly top: number;
  /** Pixels of a glyph's dot, in both directions. */
  readonly scale: number;
  readonly color: Color;
}
