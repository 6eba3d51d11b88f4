import { pixelColors, pictureFromColors, type Picture } from '../../../src/domain/render/picture.js';
import type { PictureEncoder } from '../../../src/ports/picture-encoder.js';

/** Width and height in four bytes each, then the colors of the pixels, four bytes each. */
export const plainPictureEncoder: PictureEncoder = {
  async encode(picture) {
    const { width, height } = picture;
    const pixels = pixelColors(picture);
    const bytes = new Uint8Array(8 + 4 * pixels.length);
    new DataView(bytes.buffer).setUint32(0, width);
    new DataView(bytes.buffer).setUint32(4, height);
    bytes.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength), 8);
    return bytes;
  },
};

export function decodePlainPicture(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return pictureFromColors(view.getUint32(0), view.getUint32(4), new Uint32Array(bytes.slice(8).buffer));
}
