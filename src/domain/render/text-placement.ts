import type { Color } from './picture.js';

/** Where and how a line of text is drawn. */
export interface TextPlacement {
  /** Top left corner of the first glyph, in pixels. */
  readonly left: number;
  readonly top: number;
  /** Pixels of a glyph's dot, in both directions. */
  readonly scale: number;
  readonly color: Color;
}
