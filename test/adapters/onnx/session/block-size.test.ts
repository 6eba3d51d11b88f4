import { describe, expect, it } from '@jest/globals';
import { detectBlockSize } from '../../../../src/adapters/onnx/session/block-size.js';
import type { OpenOrtSession, OrtSession } from '../../../../src/adapters/onnx/session/ort-session.js';
import { EngineError } from '../../../../src/domain/errors.js';

/** Parts of a session that these tests do not use. */
const UNUSED: Omit<OrtSession, 'run'> = {
  outputNames: ['y'],
  runForBytes: () => Promise.reject(new EngineError('there are no bytes')),
  release: async () => undefined,
};

/** A fake of a machine whose blocks have `block` channels. */
const machine =
  (block: number): OpenOrtSession =>
  async () => ({
    run: async (feeds) => {
      const { shape, data } = feeds.get('x')!;
      const [, channels, , positions] = shape as [number, number, number, number];
      const reordered = new Float32Array(data.length);
      for (let channel = 0; channel < channels; channel++) {
        for (let position = 0; position < positions; position++) {
          const at = (Math.floor(channel / block) * positions + position) * block + (channel % block);
          reordered[at] = data[channel * positions + position]!;
        }
      }
      return new Map([['y', { shape, data: reordered }]]);
    },
    ...UNUSED,
  });

describe('detectBlockSize', () => {
  it.each([4, 8, 16, 32])('finds blocks of %d channels', async (block) => {
    expect(await detectBlockSize(machine(block))).toBe(block);
  });

  it('is 1 where nothing is reordered, or the library has no blocked layout', async () => {
    expect(await detectBlockSize(machine(1))).toBe(1);
    const refuses: OpenOrtSession = async () => {
      throw new EngineError('onnxruntime refused the program');
    };
    expect(await detectBlockSize(refuses)).toBe(1);
    const fails: OpenOrtSession = async () => ({
      run: () => Promise.reject(new EngineError('failed')),
      ...UNUSED,
    });
    expect(await detectBlockSize(fails)).toBe(1);
  });

  it('finds a plausible size on this machine', async () => {
    expect([1, 4, 8, 16, 32]).toContain(await detectBlockSize());
  });
});
