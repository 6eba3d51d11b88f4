import type { Colour, Picture } from '../../src/domain/render/picture.js';

/** Of one pixel, without the colours of all. */
export const colourAt = ({ width, numbers, pixels }: Picture, x: number, y: number): Colour =>
  [...numbers.keys()][pixels[y * width + x]!]!;
