import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allFinite } from '../../../src/domain/tensor/tensor.js';

it('allFinite detects an infinity or NaN at any index', () => {
  const numbers = fc.float32Array({ minLength: 1, noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(numbers, fc.constantFrom(NaN, Infinity, -Infinity), fc.nat(), (data, odd, at) => {
      expect(allFinite(data)).toBe(true);
      data[at % data.length] = odd;
      expect(allFinite(data)).toBe(false);
    }),
  );
  expect(allFinite(Float32Array.of(-3.4e38, 3.4e38, 1e-45, -0))).toBe(true);
});
