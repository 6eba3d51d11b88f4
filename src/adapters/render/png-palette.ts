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
export function indexColours({ width, height, pixels, numbers }: Picture): IndexedPicture | undefined {
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const palette = new Palette(numbers.size);
  // Pictures of cells repeat most of their rows: those that do not, and for each row of the picture which of them it is.
  const apart = new Uint8Array(width * height);
  const which = new Uint32Array(height);
  let rowsApart = 0;
  for (let y = 0; y < height; y++) {
    if (y === 0 || !sameRow(bytes, y, width * 2)) {
      if (!palette.index(pixels, y * width, width, apart, rowsApart * width)) return undefined;
      rowsApart++;
    }
    which[y] = rowsApart - 1;
  }
  const colours = [...numbers.keys()];
  const used = palette.inOrder.map((number) => colours[number]!);
  const depth = used.length <= 2 ? 1 : used.length <= 4 ? 2 : used.length <= 16 ? 4 : 8;
  const packed = depth === 8 ? apart : packPixels(apart, width, rowsApart, depth);
  const stride = Math.ceil((width * depth) / 8);
  const rows = new Uint8Array(stride * height);
  which.forEach((row, y) => rows.set(packed.subarray(row * stride, (row + 1) * stride), y * stride));
  return { palette: Uint8Array.from(used.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255])), depth, rows };
}

/** Whether row y equals the row above it. */
export const sameRow = (rows: Buffer, y: number, stride: number): boolean =>
  rows.compare(rows, y * stride, (y + 1) * stride, (y - 1) * stride, y * stride) === 0;

/** New numbers for a picture's colours, by the order in which they first appear, so that nothing depends on how it was painted. */
class Palette {
  /** Old numbers in the order of the new ones. */
  readonly inOrder: number[] = [];
  readonly #renumbered: Int16Array;

  constructor(colours: number) {
    this.#renumbered = new Int16Array(colours).fill(-1);
  }

  /** Renumbers `count` pixels; false when there are more colours than a byte has numbers. */
  index(pixels: Uint16Array, from: number, count: number, into: Uint8Array, at: number): boolean {
    const renumbered = this.#renumbered;
    for (let i = 0; i < count; i++) {
      const number = pixels[from + i]!;
      if (renumbered[number]! < 0) {
        if (this.inOrder.length === 256) return false;
        renumbered[number] = this.inOrder.length;
        this.inOrder.push(number);
      }
      into[at + i] = renumbered[number]!;
    }
    return true;
  }
}

function packPixels(pixels: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const stride = Math.ceil((width * depth) / 8);
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
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
