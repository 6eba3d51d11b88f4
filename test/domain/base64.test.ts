import fc from 'fast-check';
import { expect, it } from '@jest/globals';
import { encodeBase64 } from '../../src/domain/base64.js';

it.each([
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
])('encodes "%s" as RFC 4648 does', (text, base64) => {
  expect(encodeBase64(new TextEncoder().encode(text))).toBe(base64);
});

it('encodes any bytes as Node does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }),
  );
});
