import { decode } from 'fast-png';
import { pictureFromColors, type Picture } from '../../src/domain/render/picture.js';

/** A PNG as an independent decoder reads it. */
export function decodePng(bytes: Uint8Array): Picture {
  const { width, height, data, palette, depth, channels } = decode(bytes);
  const rgb = new Uint8Array(width * height * 3);
  const decoded = (): Picture =>
    pictureFromColors(
      width,
      height,
      Uint32Array.from(
        { length: width * height },
        (_, i) => (rgb[3 * i]! << 16) | (rgb[3 * i + 1]! << 8) | rgb[3 * i + 2]!,
      ),
    );
  if (palette === undefined) {
    if (channels !== 3 || depth !== 8)
      throw new Error(`expected true color, got ${channels} channels of ${depth} bits`);
    rgb.set(data);
    return decoded();
  }
  const stride = Math.ceil((width * depth) / 8);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const number = (data[y * stride + (bit >> 3)]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
      rgb.set(palette[number]!.slice(0, 3), (y * width + x) * 3);
    }
  }
  return decoded();
}
