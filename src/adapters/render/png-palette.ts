import { visibleColors, type Color, type Picture } from '../../domain/render/picture.js';
import { createRowComparer } from './row-comparer.js';

/** A picture as numbers of a palette, packed. */
interface IndexedPicture {
  /**
   * Three bytes a color, at most 256, by red, green and blue, so that nothing depends on how the picture was painted.
   */
  readonly palette: Uint8Array;
  /** Bits a pixel. */
  readonly depth: 1 | 2 | 4 | 8;
  /** Rows of whole bytes, the leftmost pixel in the highest bits. */
  readonly rows: Uint8Array;
}

/** `undefined` when the picture has more than 256 colors. */
export function indexColors(picture: Picture): IndexedPicture | undefined {
  const painted = [...picture.palette.keys()];
  if (painted.length <= 256) {
    const indexed = packIndexed(picture, painted);
    if (indexed.areAllUsed) return indexed; // nearly always, and found in half the time
  }
  const visible = visibleColors(picture);
  return visible.length > 256 ? undefined : packIndexed(picture, visible);
}

/** @param colors of the picture, and some that were painted over at most */
function packIndexed(picture: Picture, colors: readonly Color[]): IndexedPicture & { readonly areAllUsed: boolean } {
  const { width, height, palette: numbers, pixels } = picture;
  const sorted = [...colors].sort((a, b) => a - b);
  const depth = sorted.length <= 2 ? 1 : sorted.length <= 4 ? 2 : sorted.length <= 16 ? 4 : 8;
  const indices = new Uint8Array(numbers.size); // of the palette, by number
  sorted.forEach((color, index) => (indices[numbers.get(color)!] = index));
  const stride = Math.ceil((width * depth) / 8);
  const rows = new Uint8Array(stride * height);
  const equalsRowAbove = createRowComparer(pixels, width * pixels.BYTES_PER_ELEMENT);
  const used = new UsedIndices(depth);
  // Nearly all pictures: numbers and indices of four bits.
  const pairs = depth === 4 && numbers.size <= 16 ? new PixelPairPacker(indices, used) : undefined;
  for (let y = 0; y < height; y++) {
    // Pictures of cells repeat most of their rows.
    if (y > 0 && equalsRowAbove(y)) {
      rows.copyWithin(y * stride, (y - 1) * stride, y * stride);
    } else if (pairs !== undefined) pairs.packRow(picture, y, rows, y * stride);
    else packRow(picture, y, { indices, depth, used }, rows.subarray(y * stride, (y + 1) * stride));
  }
  pairs?.noteUsed();
  const palette = Uint8Array.from(sorted.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  return { palette, depth, rows, areAllUsed: used.count() === sorted.length };
}

interface RowPacking {
  /** Index in the palette by color number. */
  readonly indices: Uint8Array;
  /** Bits a pixel. */
  readonly depth: number;
  readonly used: UsedIndices;
}

/** Packs row y of the picture into `into`, which holds zeros. */
function packRow({ width, pixels }: Picture, y: number, { indices, depth, used }: RowPacking, into: Uint8Array): void {
  const pixelsPerByte = 8 / depth;
  const end = (y + 1) * width;
  let from = y * width;
  let to = 0;
  for (; from + pixelsPerByte <= end; from += pixelsPerByte) {
    let byte = 0;
    for (let i = 0; i < pixelsPerByte; i++) byte = (byte << depth) | indices[pixels[from + i]!]!;
    into[to++] = byte;
    used.inBytes[byte] = 1;
  }
  // The lowest bits of the last byte may be unused.
  for (let bits = 8 - depth; from < end; from++, bits -= depth) {
    const index = indices[pixels[from]!]!;
    into[to]! |= index << bits;
    used.alone[index] = 1;
  }
}

/** Rows of four bits a pixel: a byte for each pair of neighbours, looked up. */
class PixelPairPacker {
  /** By the numbers of both, four bits each. */
  private readonly bytes = new Uint8Array(256);
  private readonly seen = new Uint8Array(256);

  constructor(
    private readonly indices: Uint8Array,
    private readonly used: UsedIndices,
  ) {
    for (let pair = 0; pair < 256; pair++) this.bytes[pair] = (indices[pair >> 4]! << 4) | indices[pair & 15]!;
  }

  packRow({ width, pixels }: Picture, y: number, into: Uint8Array, start: number): void {
    const { bytes, seen } = this;
    const end = (y + 1) * width;
    let to = start;
    let from = y * width;
    for (; from + 1 < end; from += 2) {
      const pair = (pixels[from]! << 4) | pixels[from + 1]!;
      into[to++] = bytes[pair]!;
      seen[pair] = 1;
    }
    if (from === end) return;
    const index = this.indices[pixels[from]!]!; // the last byte's low bits are nobody's
    into[to] = index << 4;
    this.used.alone[index] = 1;
  }

  noteUsed(): void {
    for (let pair = 0; pair < 256; pair++) if (this.seen[pair] === 1) this.used.inBytes[this.bytes[pair]!] = 1;
  }
}

/** Which indices of a palette appear: noted byte by byte, since there are fewer of them than pixels. */
class UsedIndices {
  readonly inBytes = new Uint8Array(256);
  readonly alone = new Uint8Array(256);

  constructor(private readonly depth: number) {}

  count(): number {
    const found = new Set<number>();
    for (let value = 0; value < 256; value++) {
      if (this.alone[value] === 1) found.add(value);
      if (this.inBytes[value] === 0) continue;
      for (let bits = 0; bits < 8; bits += this.depth) found.add((value >> bits) & (2 ** this.depth - 1));
    }
    return found.size;
  }
}
