import { describe, expect, it } from '@jest/globals';
import type { Compression } from '../../src/ports/compression.js';

const EFFORTS = ['fast', 'small'] as const;

/** What every Compression promises. */
export function compressionContract(name: string, compression: Compression): void {
  const noise = Uint8Array.from({ length: 70_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) % 256);
  const repeated = Uint8Array.from({ length: 70_000 }, (_, i) => i % 7);

  describe.each(EFFORTS)(`Compression: ${name}, %s`, (effort) => {
    it.each([
      ['no byte', new Uint8Array()],
      ['one byte', Uint8Array.of(7)],
      ['noise', noise],
      ['repeated bytes', repeated],
      ['a view into other bytes', noise.subarray(100, 300)],
    ])('deflates %s to a zlib stream that inflates to them', async (_what, bytes) => {
      const stream = await compression.deflate(bytes, effort);
      expect(stream[0]! & 15).toBe(8); // RFC 1950: the method is deflate
      expect(((stream[0]! << 8) | stream[1]!) % 31).toBe(0); // and the header a multiple of 31
      expect(Array.from(await inflate(stream))).toEqual(Array.from(bytes));
    });

    it('gives equal streams for equal bytes', async () => {
      const [one, other] = [await compression.deflate(noise, effort), await compression.deflate(noise.slice(), effort)];
      expect(Array.from(one)).toEqual(Array.from(other));
    });

    it('makes repeated bytes take less room', async () => {
      expect((await compression.deflate(repeated, effort)).length).toBeLessThan(1000);
    });
  });
}

/** The platform's own inflation. */
async function inflate(stream: Uint8Array): Promise<Uint8Array> {
  const inflated = new Blob([Uint8Array.from(stream)]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}
