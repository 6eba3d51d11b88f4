import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  fromFloat16,
  MAX_FLOAT16,
  quantizePerChannel,
  toOffsetInt8,
  toFloat16,
} from '../../../src/domain/model/precision.js';

const half = (bits: number): number => fromFloat16(Uint16Array.of(bits))[0]!;
const bitsOf = (value: number): number => toFloat16(Float32Array.of(value))[0]!;

describe('binary16', () => {
  it('converts every number to float32 and back', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits).filter((bits) => !Number.isNaN(half(bits)));
    expect(toFloat16(fromFloat16(all))).toEqual(all);
    expect(all).toHaveLength(65_536 - 2 * 1023);
  });

  it.each([
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [0.1, 0x2e66],
    [65_504, 0x7bff],
    [65_519.99, 0x7bff],
    [65_520, 0x7c00],
    [1e10, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -14, 0x0400], // the smallest normal number
    [2 ** -24, 0x0001], // the smallest subnormal number
    [2 ** -25, 0x0000], // a tie, rounded to even
    [1.0001 * 2 ** -25, 0x0001],
    [1 + 2 ** -11, 0x3c00], // ties, rounded to even
    [1 + 3 * 2 ** -11, 0x3c02],
    [2047 * 2 ** -25, 0x0400], // rounds up to the smallest normal number
  ])('rounds %d to the bits %d', (value, bits) => {
    expect(bitsOf(value)).toBe(bits);
  });

  it('keeps NaN', () => {
    expect(half(bitsOf(NaN))).toBeNaN();
  });

  it('rounds to the nearest number', () => {
    const value = fc.float({ min: -MAX_FLOAT16, max: MAX_FLOAT16, noNaN: true });
    fc.assert(
      fc.property(value, (x) => {
        const bits = bitsOf(x);
        const error = Math.abs(half(bits) - x);
        for (const neighbor of [bits - 1, bits + 1].filter((near) => near >= 0 && near < 65_536).map(half)) {
          if (Number.isFinite(neighbor)) expect(Math.abs(neighbor - x)).toBeGreaterThanOrEqual(error);
        }
      }),
    );
  });
});

describe('quantizePerChannel', () => {
  it('has an error of at most half a scale along any axis, and uses the range up to 127', () => {
    const number = fc.float({ min: -100, max: 100, noNaN: true });
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(shape, fc.nat(2), fc.infiniteStream(number), (dims, axis, numbers) => {
        const size = dims.reduce((a, b) => a * b);
        const data = Float32Array.from({ length: size }, () => numbers.next().value as number);
        const { values, scales } = quantizePerChannel({ shape: dims, data }, axis);
        expect(scales).toHaveLength(dims[axis]!);
        const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
        const channelOf = (i: number): number => Math.floor(i / inner) % dims[axis]!;
        data.forEach((w, i) => {
          const scale = scales[channelOf(i)]!;
          expect(Math.abs(values[i]! * scale - w)).toBeLessThanOrEqual(scale === 1 ? 2 ** -119 : scale * 0.5001);
        });
        scales.forEach((_, channel) => {
          const own = [...values].filter((_value, i) => channelOf(i) === channel);
          const isZero = [...data].every((w, i) => channelOf(i) !== channel || Math.abs(w) < 127 * 2 ** -126);
          expect(Math.max(...own.map(Math.abs))).toBe(isZero ? 0 : 127);
        });
      }),
    );
  });

  it('rounds ties to even, as QuantizeLinear does, for both signs', () => {
    const data = Float32Array.of(127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5);
    expect([...quantizePerChannel({ shape: [1, 7], data }, 0).values].map((q) => q + 0)).toEqual([
      127, 0, 2, 2, 0, -2, -2,
    ]);
  });

  it('stays finite up to the largest float32', () => {
    const largest = (2 - 2 ** -23) * 2 ** 127;
    const { values, scales } = quantizePerChannel({ shape: [2], data: Float32Array.of(largest, -largest) }, 0);
    expect([...values]).toEqual([127, -127]);
    for (const scale of scales) expect(Math.fround(127 * scale) / largest).toBeCloseTo(1, 6);
  });
});

describe('toOffsetInt8', () => {
  it('stores integers without loss, whatever the range of a channel', () => {
    const channel = fc.tuple(
      fc.integer({ min: -(2 ** 22), max: 2 ** 22 }),
      fc.array(fc.nat(255), { minLength: 3, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(channel, { minLength: 1, maxLength: 5 }), (channels) => {
        const data = Float32Array.from(channels.flatMap(([from, steps]) => steps.map((step) => from + step)));
        const { values, offsets } = toOffsetInt8({ shape: [channels.length, 3], data }, 0)!;
        expect(Float32Array.from(values, (value, i) => value + offsets[Math.floor(i / 3)]!)).toEqual(data);
      }),
    );
  });

  it('has an offset of 0 for channels that fit into 8 bits', () => {
    const columns = toOffsetInt8({ shape: [2, 3], data: Float32Array.of(-128, 3, 0, 127, 256, 5) }, 1)!;
    expect([...columns.offsets]).toEqual([0, 131, 0]);
  });

  it('is undefined for channels that span more than 255 or have too large values', () => {
    expect(toOffsetInt8({ shape: [1, 2], data: Float32Array.of(0, 256) }, 0)).toBeUndefined();
    expect(toOffsetInt8({ shape: [1, 2], data: Float32Array.of(2 ** 30, 2 ** 30) }, 0)).toBeUndefined();
  });
});
