import { concatenateBytes } from '../../domain/concatenate.js';
import { pixelColors, type Picture } from '../../domain/render/picture.js';
import type { Compression } from '../../ports/compression.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import { crc32 } from './crc32.js';
import { filterIndexed, filterTruecolor } from './png-filter.js';
import { indexColors } from './png-palette.js';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Color types of IHDR. */
const TRUECOLOR = 2;
const INDEXED = 3;

/** PNG (W3C, third edition): indexed color of the smallest depth where 256 colors suffice, truecolor otherwise. */
export const createPngEncoder = ({ compression }: { readonly compression: Compression }): PictureEncoder => ({
  async encode(picture) {
    const indexed = indexColors(picture);
    if (indexed === undefined) {
      const rows = filterTruecolor(rgbBytes(picture), picture.height, 3);
      const data = chunk('IDAT', await compression.deflate(rows, 'small'));
      return concatenateBytes([SIGNATURE, headerChunk(picture, 8, TRUECOLOR), data, END_CHUNK]);
    }
    const { palette, depth, rows } = indexed;
    const data = chunk('IDAT', await compression.deflate(filterIndexed(rows, picture.height), 'fast'));
    return concatenateBytes([SIGNATURE, headerChunk(picture, depth, INDEXED), chunk('PLTE', palette), data, END_CHUNK]);
  },
});

/** Red, green and blue, a byte each. */
function rgbBytes(picture: Picture): Uint8Array {
  const bytes = new Uint8Array(picture.pixels.length * 3);
  pixelColors(picture).forEach((color, i) => {
    bytes[3 * i] = color >> 16;
    bytes[3 * i + 1] = color >> 8;
    bytes[3 * i + 2] = color;
  });
  return bytes;
}

function headerChunk({ width, height }: Picture, depth: number, colorType: number): Uint8Array {
  const body = new Uint8Array(13);
  const view = new DataView(body.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  body[8] = depth;
  body[9] = colorType;
  return chunk('IHDR', body);
}

/** Length, name, body, CRC-32 of name and body. */
function chunk(name: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

const END_CHUNK = chunk('IEND', new Uint8Array());
