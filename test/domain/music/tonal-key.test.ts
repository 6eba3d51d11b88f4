import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../src/domain/errors.js';
import { keyName, parseKey } from '../../../src/domain/music/tonal-key.js';

describe('the name of a key', () => {
  it('parses back to the key', () => {
    const keys = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].flatMap((tonic) =>
      (['major', 'minor'] as const).map((mode) => ({ tonic, mode })),
    );
    expect(new Set(keys.map(keyName)).size).toBe(24);
    for (const key of keys) expect(parseKey(keyName(key))).toEqual(key);
    expect([parseKey('Cb'), parseKey('B#'), parseKey('A#m')].map(keyName)).toEqual(['B', 'C', 'Bbm']);
  });

  it.each(['', 'H', 'c', 'am', 'Amin', 'C##', ' C', 'C major'])('cannot be %p', (text) => {
    expect(() => parseKey(text)).toThrow(UsageError);
  });
});
