import type { Picture } from '../../../src/domain/render/picture.js';
import type { PictureEncoder } from '../../../src/ports/picture-encoder.js';

/** Width and height in four bytes each, then the pixels as they are. */
export const plainPictureEncoder: PictureEncoder = {
  encode({ width, height, rgb }) {
    const bytes = new Uint8Array(8 + rgb.length);
    new DataView(bytes.buffer).setUint32(0, width);
    new DataView(bytes.buffer).setUint32(4, height);
    bytes.set(rgb, 8);
    return bytes;
  },
};

export function decodePlainPicture(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { width: view.getUint32(0), height: view.getUint32(4), rgb: bytes.slice(8) };
}
