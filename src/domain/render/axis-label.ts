import { fillRectangle, type Picture } from './picture.js';
import type { TextPlacement } from './text-placement.js';

/** Size of a glyph in dots; a dot is `scale` by `scale` pixels. */
export const LABEL_GLYPH_SIZE = { width: 3, height: 5 } as const;

/** Five rows of three dots, the leftmost dot in bit 2. */
const LABEL_GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [7, 5, 5, 5, 7],
  '1': [2, 6, 2, 2, 7],
  '2': [7, 1, 7, 4, 7],
  '3': [7, 1, 3, 1, 7],
  '4': [5, 5, 7, 1, 1],
  '5': [7, 4, 7, 1, 7],
  '6': [7, 4, 7, 5, 7],
  '7': [7, 1, 1, 2, 2],
  '8': [7, 5, 7, 5, 7],
  '9': [7, 5, 7, 1, 7],
  '-': [0, 0, 7, 0, 0],
  C: [3, 4, 4, 4, 3],
};

/** Width in pixels, without the gap after the last glyph. */
export const labelWidth = (text: string, scale: number): number =>
  (text.length * (LABEL_GLYPH_SIZE.width + 1) - 1) * scale;

/** Draws the digits, `-` and `C` of a text, which is all that axis labels need; other characters are left blank. */
export function drawLabel(picture: Picture, text: string, { left, top, scale, color }: TextPlacement): void {
  const { width } = LABEL_GLYPH_SIZE;
  [...text].forEach((character, i) => {
    LABEL_GLYPHS[character]?.forEach((row, y) => {
      for (let x = 0; x < width; x++) {
        if (((row >> (width - 1 - x)) & 1) === 0) continue;
        const dot = { left: left + (i * (width + 1) + x) * scale, top: top + y * scale, width: scale, height: scale };
        fillRectangle(picture, dot, color);
      }
    });
  });
}
