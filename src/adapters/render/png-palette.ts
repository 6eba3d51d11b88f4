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
export function indexColours({ width, height, pixels }: Picture): IndexedPicture | undefined {
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const palette = new Palette();
  // Pictures of cells repeat most of their rows: those that do not, and for each row of the picture which of them it is.
  const apart = new Uint8Array(width * height);
  const which = new Uint32Array(height);
  let rowsApart = 0;
  for (let y = 0; y < height; y++) {
    if (y === 0 || !sameRow(bytes, y, width * 4)) {
      const row = pixels.subarray(y * width, (y + 1) * width);
      if (!palette.index(row, apart.subarray(rowsApart * width))) return undefined;
      rowsApart++;
    }
    which[y] = rowsApart - 1;
  }
  const { colours } = palette;
  const depth = colours.length <= 2 ? 1 : colours.length <= 4 ? 2 : colours.length <= 16 ? 4 : 8;
  const packed = depth === 8 ? apart : packPixels(apart, width, rowsApart, depth);
  const stride = Math.ceil((width * depth) / 8);
  const rows = new Uint8Array(stride * height);
  which.forEach((row, y) => rows.set(packed.subarray(row * stride, (row + 1) * stride), y * stride));
  return { palette: Uint8Array.from(colours.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255])), depth, rows };
}

/** Whether row y equals the row above it. */
export const sameRow = (rows: Buffer, y: number, stride: number): boolean =>
  rows.compare(rows, y * stride, (y + 1) * stride, (y - 1) * stride, y * stride) === 0;

/** Numbers for colours, in the order in which they first appear. */
class Palette {
  readonly #numbers = new Map<number, number>();
  /** The colours that were asked for last, and their numbers: each at the place that its hash names. */
  readonly #recent = new Int32Array(PLACES).fill(-1);
  readonly #recentNumbers = new Uint8Array(PLACES);

  get colours(): readonly number[] {
    return [...this.#numbers.keys()];
  }

  /** Gives each new colour the next number; false when there is none left. */
  index(row: Uint32Array, into: Uint8Array): boolean {
    const [recent, numbers] = [this.#recent, this.#recentNumbers];
    for (let i = 0; i < row.length; i++) {
      const colour = row[i]!;
      const place = Math.imul(colour, MULTIPLIER) >>> (32 - PLACE_BITS);
      if (recent[place] !== colour && !this.#recall(colour, place)) return false;
      into[i] = numbers[place]!;
    }
    return true;
  }

  #recall(colour: number, place: number): boolean {
    const number = this.#numbers.get(colour) ?? this.#numbers.size;
    if (number === 256) return false;
    this.#numbers.set(colour, number);
    this.#recent[place] = colour;
    this.#recentNumbers[place] = number;
    return true;
  }
}

const PLACE_BITS = 10;
const PLACES = 2 ** PLACE_BITS;
/** Multiplicative hashing (Knuth, The Art of Computer Programming 3, 6.4): 2^32 by the golden ratio. */
const MULTIPLIER = 0x9e3779b1;

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
