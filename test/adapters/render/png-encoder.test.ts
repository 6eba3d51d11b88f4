import { decode } from 'fast-png';
import { describe, expect, it } from '@jest/globals';
import { zlibCompression } from '../../../src/adapters/node-platform/zlib-compression.js';
import { createPngEncoder } from '../../../src/adapters/render/png-encoder.js';
import { pictureFromColors, type Picture } from '../../../src/domain/render/picture.js';
import { pictureEncoderContract } from '../../contracts/picture-encoder.contract.js';
import { decodePng } from '../../support/decode-png.js';

const pngEncoder = createPngEncoder({ compression: zlibCompression });

pictureEncoderContract('png', () => pngEncoder, decodePng);

describe('the PNG encoder', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 4],
    [16, 4],
    [17, 8],
    [256, 8],
  ])('packs %i colors into %i bits', async (colors, depth) => {
    const { palette, depth: got } = decode(await pngEncoder.encode(striped(colors)));
    expect([palette?.length, got]).toEqual([colors, depth]);
  });

  it('writes more colors as they are', async () => {
    const { palette, channels } = decode(await pngEncoder.encode(striped(257)));
    expect([palette, channels]).toEqual([undefined, 3]);
  });

  it('takes few bytes for repeated rows', async () => {
    const pixels = Uint32Array.from({ length: 300 * 100 }, (_, i) => ((i % 300) ** 2 % 97) << 16);
    expect((await pngEncoder.encode(pictureFromColors(300, 100, pixels))).length).toBeLessThan(800);
  });
});

function striped(colors: number): Picture {
  const pixels = Uint32Array.from({ length: colors * 2 }, (_, i) => ((i % colors) << 8) | 7);
  return pictureFromColors(colors, 2, pixels);
}
