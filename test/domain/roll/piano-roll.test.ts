import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { packRoll, unpackCells, unpackRoll } from '../../../src/domain/roll/piano-roll.js';
import { DEFAULT_ROLL_FORMAT, cellCount } from '../../../src/domain/roll/roll-format.js';

const format = { ...DEFAULT_ROLL_FORMAT, pitches: 3, columns: 16 };
const rolls = fc.uint8Array({ minLength: cellCount(format), maxLength: cellCount(format), max: 1 });

describe('packed rolls', () => {
  it('unpack to the cells that were packed', () => {
    fc.assert(
      fc.property(rolls, (cells) => {
        expect([...unpackRoll(packRoll({ format, cells }), format).cells]).toEqual([...cells]);
      }),
    );
  });

  it('unpack as floats from an offset on, and touch nothing else', () => {
    fc.assert(
      fc.property(rolls, fc.nat(20), (cells, offset) => {
        const out = new Float32Array(offset + cells.length + 5);
        out.fill(7, 0, offset).fill(7, offset + cells.length);
        unpackCells(packRoll({ format, cells }), out, offset);
        expect([...out.subarray(offset, offset + cells.length)]).toEqual([...cells]);
        expect([...out.subarray(0, offset), ...out.subarray(offset + cells.length)].every((x) => x === 7)).toBe(true);
      }),
    );
  });

  it('hold the first column in the highest bit of the first byte, as numpy.packbits does', () => {
    const cells = new Uint8Array(cellCount(format));
    cells.set([1, 0, 1, 1], 0);
    cells[15] = 1;
    expect([...packRoll({ format, cells }).subarray(0, 2)]).toEqual([0b10110000, 1]);
  });
});
