import { describe, expect, it } from '@jest/globals';
import { chunkName, chunksProblem, digestInput, locateRoll } from '../../../src/domain/dataset/chunk.js';
import { DEFAULT_ROLL_FORMAT } from '../../../src/domain/roll/roll-format.js';

const chunk = (index: number, rolls: number) => ({ file: chunkName(index), rolls, sha256: 'a'.repeat(64) });

describe('chunks', () => {
  it('have names that sort by index, and hold 512 rolls', () => {
    expect([0, 7, 12345].map(chunkName)).toEqual(['chunk-00000.npy', 'chunk-00007.npy', 'chunk-12345.npy']);
    expect([0, 511, 512, 1100].map(locateRoll)).toEqual([
      { chunk: 0, row: 0 },
      { chunk: 0, row: 511 },
      { chunk: 1, row: 0 },
      { chunk: 2, row: 76 },
    ]);
  });

  it('must be consistent with the number of rolls', () => {
    expect(chunksProblem([], 0)).toBeUndefined();
    expect(chunksProblem([chunk(0, 512), chunk(1, 3)], 515)).toBeUndefined();
    expect(chunksProblem([chunk(0, 512), chunk(1, 3)], 516)).toContain('515');
    expect(chunksProblem([chunk(0, 511), chunk(1, 4)], 515)).toContain('chunk-00000.npy');
    expect(chunksProblem([chunk(0, 512), chunk(1, 0)], 512)).toContain('chunk-00001.npy');
    expect(chunksProblem([chunk(0, 513)], 513)).toContain('chunk-00000.npy');
    expect(chunksProblem([{ ...chunk(0, 5), file: '../../etc/passwd' }], 5)).toContain('passwd');
  });

  it('have another digest when format, order or contents differ', () => {
    const [a, b] = [chunk(0, 512), { ...chunk(1, 3), sha256: 'b'.repeat(64) }];
    const base = DEFAULT_ROLL_FORMAT;
    const inputs = [
      digestInput(base, [a, b]),
      digestInput(base, [b, a]),
      digestInput(base, [a]),
      digestInput(base, [a, { ...b, rolls: 4 }]),
      digestInput({ ...base, lowestPitch: 31 }, [a, b]),
      digestInput({ ...base, channels: [{ voice: 'all', kind: 'onset' }] }, [a, b]),
    ];
    expect(new Set(inputs).size).toBe(inputs.length);
    const reordered = { channels: base.channels, columns: 256, pitches: 64, columnsPerBeat: 2, lowestPitch: 30 };
    expect(digestInput(reordered, [a, b])).toBe(inputs[0]);
  });
});
