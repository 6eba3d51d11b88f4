import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { blankPicture, pixelColors, fillVerticalLines, fillRectangle } from '../../../src/domain/render/picture.js';

test('lines painted together are those painted one after the other, and what lies outside is left out', () => {
  const lines = fc.array(fc.record({ x: fc.integer({ min: -3, max: 12 }), color: fc.integer({ min: 0, max: 4 }) }));
  const within = fc.integer({ min: -3, max: 10 });
  fc.assert(
    fc.property(lines, within, within, (all, top, down) => {
      const [together, apart] = [blankPicture(9, 7, 9), blankPicture(9, 7, 9)];
      fillVerticalLines(together, all, top, down);
      for (const { x, color } of all) fillRectangle(apart, x, top, 1, down, color);
      expect(pixelColors(together)).toEqual(pixelColors(apart));
    }),
  );
});

test('a picture may have more colors than a byte has numbers', () => {
  const picture = blankPicture(300, 2, 0);
  for (let x = 0; x < 300; x++) fillRectangle(picture, x, 1, 1, 1, 1000 + x);
  expect(pixelColors(picture)).toEqual(Uint32Array.from({ length: 600 }, (_, i) => (i < 300 ? 0 : 700 + i)));
});
