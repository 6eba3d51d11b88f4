import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concatenate, concatenateBytes } from '../../src/domain/concatenate.js';

it('joins arrays of any lengths in order', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (parts) => {
      expect([...concatenateBytes(parts)]).toEqual(parts.flatMap((part) => [...part]));
      const floats = parts.map((part) => Float32Array.from(part, (value) => value / 8));
      const joined = concatenate(floats, (length) => new Float32Array(length));
      expect([...joined]).toEqual(floats.flatMap((part) => [...part]));
    }),
  );
});
