import { describe, expect, it } from '@jest/globals';
import type { Digest } from '../../src/ports/digest.js';

/** What every Digest promises. The values are the examples of FIPS 180-4. */
export function digestContract(name: string, digest: Digest): void {
  describe(`Digest: ${name}`, () => {
    it.each([
      ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
      ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
      [
        'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
        '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
      ],
    ])('gives the SHA-256 of "%s"', async (text, hex) => {
      expect(await digest(new TextEncoder().encode(text))).toBe(hex);
    });

    it('takes the bytes of a view, not those of the memory around it', async () => {
      const around = new TextEncoder().encode('xabcx');
      expect(await digest(around.subarray(1, 4))).toBe(
        'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      );
    });
  });
}
