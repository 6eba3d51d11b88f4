import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { blankPicture, pixelColors, fillVerticalLines, fillRectangle } from '../../../src/domain/render/picture.js';

test('vertical lines equal rectangles of one pixel in width, clipped to the picture', () => {
  const lines = fc.array(fc.record({ x: fc.integer({ min: -3, max: 12 }), color: fc.integer({ min: 0, max: 4 }) }));
  const within = fc.integer({ min: -3, max: 10 });
  fc.assert(
    fc.property(lines, within, within, (all, top, height) => {
      const [together, apart] = [blankPicture(9, 7, 9), blankPicture(9, 7, 9)];
      fillVerticalLines(together, all, { top, height });
      for (const { x, color } of all) fillRectangle(apart, { left: x, top, width: 1, height }, color);
      expect(pixelColors(together)).toEqual(pixelColors(apart));
    }),
  );
});

test('a picture may have more than 256 colors', () => {
  const picture = blankPicture(300, 2, 0);
  for (let x = 0; x < 300; x++) fillRectangle(picture, { left: x, top: 1, width: 1, height: 1 }, 1000 + x);
  expect(pixelColors(picture)).toEqual(Uint32Array.from({ length: 600 }, (_, i) => (i < 300 ? 0 : 700 + i)));
});
