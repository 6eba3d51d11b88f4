import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import type { Picture } from '../../src/domain/render/picture.js';
import type { PictureEncoder } from '../../src/ports/picture-encoder.js';

/**
 * What every PictureEncoder promises.
 * @param decode someone else's decoder of the format
 */
export function pictureEncoderContract(
  name: string,
  make: () => PictureEncoder,
  decode: (bytes: Uint8Array) => Picture,
): void {
  describe(`PictureEncoder: ${name}`, () => {
    it('gives back every pixel', () => {
      fc.assert(
        fc.property(pictures, (picture) => {
          const { width, height, pixels } = decode(make().encode(picture));
          expect([width, height]).toEqual([picture.width, picture.height]);
          expect(pixels).toEqual(picture.pixels);
        }),
        { numRuns: 60 },
      );
    });

    it('gives equal bytes for equal pictures', () => {
      const picture: Picture = { width: 5, height: 3, pixels: Uint32Array.from({ length: 15 }, (_, i) => i * 50_505) };
      const again: Picture = { ...picture, pixels: picture.pixels.slice() };
      expect(Buffer.compare(make().encode(picture), make().encode(again))).toBe(0);
    });
  });
}

/** Few colours and many, rows that repeat and rows that do not, widths that do not fill a byte. */
const pictures: fc.Arbitrary<Picture> = fc
  .record({
    width: fc.integer({ min: 1, max: 33 }),
    height: fc.integer({ min: 1, max: 20 }),
    colours: fc.constantFrom(1, 2, 3, 4, 5, 16, 17, 256, 257, 100_000),
    repeat: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
  })
  .map(({ width, height, colours, repeat, seed }) => {
    const pixels = new Uint32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const draw = Math.imul(seed + 1, 2654435761) ^ Math.imul((Math.floor(y / repeat) * width + x) % colours, 40503);
        pixels[y * width + x] = draw & 0xffffff;
      }
    }
    return { width, height, pixels };
  });
