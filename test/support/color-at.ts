import type { Color, Picture } from '../../src/domain/render/picture.js';

/** Of one pixel, without the colors of all. */
export const colorAt = ({ width, palette, pixels }: Picture, x: number, y: number): Color =>
  [...palette.keys()][pixels[y * width + x]!]!;
