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
export function indexColours(picture: Picture): IndexedPicture | undefined {
  const { width, height, rgb } = picture;
  const numbers = new Map<number, number>();
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    // Pictures of cells repeat most of their rows
    if (y > 0 && sameRow(rgb, y, width * 3)) pixels.copyWithin(start, start - width, start);
    else if (!indexRow(rgb, start, width, numbers, pixels)) return undefined;
  }
  const palette = Uint8Array.from([...numbers.keys()].flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  const depth = numbers.size <= 2 ? 1 : numbers.size <= 4 ? 2 : numbers.size <= 16 ? 4 : 8;
  return { palette, depth, rows: depth === 8 ? pixels : packPixels(pixels, width, height, depth) };
}

/** Whether row y equals the row above it. */
export const sameRow = (rows: Uint8Array, y: number, stride: number): boolean =>
  Buffer.compare(rows.subarray((y - 1) * stride, y * stride), rows.subarray(y * stride, (y + 1) * stride)) === 0;

/** Gives each new colour the next number; false when there is none left. */
function indexRow(
  rgb: Uint8Array,
  start: number,
  width: number,
  numbers: Map<number, number>,
  pixels: Uint8Array,
): boolean {
  // The last colour and the one before it: beside a line there is what was before the line.
  let [last, number, before, numberBefore] = [-1, 0, -1, 0];
  for (let i = start, at = start * 3; i < start + width; i++, at += 3) {
    const colour = (rgb[at]! << 16) | (rgb[at + 1]! << 8) | rgb[at + 2]!;
    if (colour !== last) {
      let found = numberBefore;
      if (colour !== before) {
        const known = numbers.get(colour);
        if (known === undefined && numbers.size === 256) return false;
        found = known ?? numbers.size;
        if (known === undefined) numbers.set(colour, found);
      }
      before = last;
      numberBefore = number;
      last = colour;
      number = found;
    }
    pixels[i] = number;
  }
  return true;
}

function packPixels(pixels: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const stride = Math.ceil((width * depth) / 8);
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    if (y > 0 && sameRow(pixels, y, width)) {
      rows.copyWithin(y * stride, (y - 1) * stride, y * stride);
      continue;
    }
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      rows[y * stride + (bit >> 3)]! |= pixels[y * width + x]! << (8 - depth - (bit & 7));
    }
  }
  return rows;
}
