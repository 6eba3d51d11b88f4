import { fillRectangle, type Color, type Picture } from './picture.js';

/** Width and height of a letter in its own pixels. */
export const LABEL_GLYPH_SIZE = { width: 3, height: 5 } as const;

/** Five rows of three pixels, the leftmost in bit 2. */
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

/** Pixels from the first letter's left edge to the last one's right edge. */
export const labelWidth = (text: string, scale: number): number =>
  (text.length * (LABEL_GLYPH_SIZE.width + 1) - 1) * scale;

/** Draws digits, `-` and `C`, which is what axis labels are made of; anything else is left blank. */
export function drawLabel(
  picture: Picture,
  text: string,
  left: number,
  top: number,
  scale: number,
  color: Color,
): void {
  [...text].forEach((letter, i) => {
    LABEL_GLYPHS[letter]?.forEach((row, y) => {
      for (let x = 0; x < LABEL_GLYPH_SIZE.width; x++) {
        if (((row >> (LABEL_GLYPH_SIZE.width - 1 - x)) & 1) === 0) continue;
        fillRectangle(
          picture,
          left + (i * (LABEL_GLYPH_SIZE.width + 1) + x) * scale,
          top + y * scale,
          scale,
          scale,
          color,
        );
      }
    });
  });
}
