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
  const { width, height } = picture;
  const colours = new Uint8Array(picture.pixels.buffer, picture.pixels.byteOffset, picture.pixels.byteLength);
  const numbers = new Map<number, number>();
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    // Pictures of cells repeat most of their rows
    if (y > 0 && sameRow(colours, y, width * 4)) pixels.copyWithin(start, start - width, start);
    else if (!indexRow(picture.pixels, start, width, numbers, pixels)) return undefined;
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
  colours: Uint32Array,
  start: number,
  width: number,
  numbers: Map<number, number>,
  pixels: Uint8Array,
): boolean {
  // The last colour and the one before it: beside a line there is what was before the line.
  let [last, number, before, numberBefore] = [-1, 0, -1, 0];
  for (let i = start; i < start + width; i++) {
    const colour = colours[i]!;
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
    let [at, byte, bits] = [y * stride, 0, 0];
    for (let i = y * width; i < (y + 1) * width; i++) {
      byte = (byte << depth) | pixels[i]!;
      bits += depth;
      if (bits < 8) continue;
      rows[at++] = byte;
      bits = 0;
    }
    if (bits > 0) rows[at] = byte << (8 - bits);
  }
  return rows;
}
