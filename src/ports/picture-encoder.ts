import type { Picture } from '../domain/render/picture.js';

/**
 * Encodes pictures as PNG.
 *
 * Promises, one test each in test/contracts/picture-encoder.contract.ts:
 * - A PNG decoder gives back every pixel.
 * - Equal pictures give equal bytes.
 */
export interface PictureEncoder {
  encode(picture: Picture): Promise<Uint8Array>;
}
