import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byCodePoints } from '../../../src/domain/code-point-order.js';
import { encodePath, decodePath, printablePath } from '../../../src/adapters/node-files/path-encoding.js';

// Pieces of names: ASCII, UTF-8 whole and in parts, bytes that occur in no UTF-8, and U+FFFD itself.
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 3 }),
  fc.string({ unit: 'binary', maxLength: 3 }).map((text) => new TextEncoder().encode(text)),
  fc
    .constantFrom([0xef, 0xbf, 0xbd], [0xe2, 0x82], [0xf0, 0x9d, 0x84, 0x9e], [0xed, 0xa0, 0x80], [0xc0, 0x80])
    .map((bytes) => Uint8Array.from(bytes)),
);
const name = fc.array(piece, { maxLength: 5 }).map((pieces) => Buffer.concat(pieces));

describe('names of files', () => {
  it('keep every byte', () => {
    fc.assert(
      fc.property(name, (bytes) => expect(encodePath(decodePath(bytes)).equals(bytes)).toBe(true)),
      { numRuns: 300 },
    );
  });

  it('are plain text when they are UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 8 }), (text) => {
        expect(decodePath(Buffer.from(text))).toBe(text);
        expect(printablePath(text)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it('show other bytes as \\x and two digits', () => {
    expect(printablePath(decodePath(Buffer.from([0x61, 0xe9, 0xc3, 0xa9, 0x80])))).toBe('a\\xe9é\\x80');
  });

  it('sort by code points, as their UTF-8 bytes do', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 6 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(byCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 300 },
    );
    expect(['\u{1d11e}', '\uff01', 'b', 'B'].sort(byCodePoints)).toEqual(['B', 'b', '\uff01', '\u{1d11e}']);
  });
});
