import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteSlab } from '../../src/domain/byte-slab.js';

test('every array has its size, is zeroed and shares no bytes', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 40 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 256 }), (all, slabSize) => {
      const slab = new ByteSlab(slabSize);
      const taken = all.map((size, i) => {
        const bytes = slab.allocate(size);
        expect(bytes).toEqual(new Uint8Array(size));
        return bytes.fill(i + 1);
      });
      expect(taken).toEqual(all.map((size, i) => new Uint8Array(size).fill(i + 1)));
    }),
  );
});

test('small arrays share a buffer, and a large one has its own', () => {
  const slab = new ByteSlab(1000);
  const [a, b, large] = [slab.allocate(10), slab.allocate(250), slab.allocate(251)];
  expect(b.buffer).toBe(a.buffer);
  expect(large.buffer.byteLength).toBe(251);
});
