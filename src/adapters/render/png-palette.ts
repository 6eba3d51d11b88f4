import type { Picture } from '../../domain/render/picture.js';

/** A picture as numbers of a palette, packed. */
export interface IndexedPicture {
  /** Three bytes a colour, at most 256, in the order in which they first appear. */
  readonly palette: Uint8Array;
  /** Bits a pixel. */
  readonly depth: 1 | 2 | 4 | 8;
  /** Rows of whole bytes, the leftmost pixel in the highest bits. */
  readonly rows: Uint8Array;
}

/** `undefined` when the picture has more than 256 colours. */
export function indexColours({ width, height, rgb }: Picture): IndexedPicture | undefined {
  const numbers = new Map<number, number>();
  const pixels = new Uint8Array(width * height);
  let last = -1;
  let number = 0;
  for (let i = 0, at = 0; i < pixels.length; i++, at += 3) {
    const colour = (rgb[at]! << 16) | (rgb[at + 1]! << 8) | rgb[at + 2]!;
    if (colour !== last) {
      const known = numbers.get(colour);
      if (known === undefined && numbers.size === 256) return undefined;
      number = known ?? numbers.size;
      if (known === undefined) numbers.set(colour, number);
      last = colour;
    }
    pixels[i] = number;
  }
  const palette = Uint8Array.from([...numbers.keys()].flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  const depth = numbers.size <= 2 ? 1 : numbers.size <= 4 ? 2 : numbers.size <= 16 ? 4 : 8;
  return { palette, depth, rows: packPixels(pixels, width, height, depth) };
}

function packPixels(pixels: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  if (depth === 8) return pixels;
  const stride = Math.ceil((width * depth) / 8);
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      rows[y * stride + (bit >> 3)]! |= pixels[y * width + x]! << (8 - depth - (bit & 7));
    }
  }
  return rows;
}
