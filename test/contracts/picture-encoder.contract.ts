import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import {
  blankPicture,
  pixelColors,
  fillRectangle,
  pictureFromColors,
  type Picture,
  type Rectangle,
} from '../../src/domain/render/picture.js';
import type { PictureEncoder } from '../../src/ports/picture-encoder.js';
import { equalBytes } from '../support/equal-bytes.js';

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
    it('gives back every pixel', async () => {
      await fc.assert(
        fc.asyncProperty(pictures, async (picture) => {
          const decoded = decode(await make().encode(picture));
          expect([decoded.width, decoded.height]).toEqual([picture.width, picture.height]);
          expect(pixelColors(decoded)).toEqual(pixelColors(picture));
        }),
        { numRuns: 60 },
      );
    });

    it('gives back what was painted over many colors that nobody sees', async () => {
      await fc.assert(
        fc.asyncProperty(pictures, fc.constantFrom(3, 15, 16, 17, 255, 256, 300), async (picture, hidden) => {
          const { width, height } = picture;
          const over = blankPicture(width, height, 0);
          for (let color = 1; color <= hidden; color++) fillRectangle(over, { left: 0, top: 0, width, height }, color);
          const colors = pixelColors(picture);
          colors.forEach((color, i) => fillRectangle(over, pixelAt(i, width), color));
          expect(pixelColors(over)).toEqual(colors);
          expect(pixelColors(decode(await make().encode(over)))).toEqual(colors);
        }),
        { numRuns: 60 },
      );
    });

    it('gives equal bytes for equal pictures', async () => {
      const picture = pictureFromColors(
        5,
        3,
        Uint32Array.from({ length: 15 }, (_, i) => i * 50_505),
      );
      // The same, painted in another order over colors that nobody sees.
      const again = blankPicture(5, 3, 0xff00ff);
      for (let i = 14; i >= 0; i--) fillRectangle(again, pixelAt(i, 5), i * 50_505);
      expect(equalBytes(await make().encode(picture), await make().encode(again))).toBe(true);
    });
  });
}

/** The i-th pixel, row by row. */
const pixelAt = (i: number, width: number): Rectangle => ({
  left: i % width,
  top: Math.floor(i / width),
  width: 1,
  height: 1,
});

/** Few colors and many, rows that repeat and rows that do not, widths that do not fill a byte. */
const pictures: fc.Arbitrary<Picture> = fc
  .record({
    width: fc.integer({ min: 1, max: 33 }),
    height: fc.integer({ min: 1, max: 20 }),
    colors: fc.constantFrom(1, 2, 3, 4, 5, 16, 17, 256, 257, 100_000),
    repeat: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
  })
  .map(({ width, height, colors, repeat, seed }) => {
    const pixels = new Uint32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const draw = Math.imul(seed + 1, 2654435761) ^ Math.imul((Math.floor(y / repeat) * width + x) % colors, 40503);
        pixels[y * width + x] = draw & 0xffffff;
      }
    }
    return pictureFromColors(width, height, pixels);
  });
