import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { DamagedFileError } from '../../../src/domain/errors.js';
import { LIMITER_THRESHOLD, createLimiter } from '../../../src/domain/sound/limiter.js';
import { mixDown, mixdownFrames } from '../../../src/domain/sound/mixdown.js';
import { createReverb } from '../../../src/domain/sound/reverb.js';
import { RENDER_QUANTUM, type StereoBlock } from '../../../src/domain/sound/stereo-block.js';
import { parseWav, createWavWriter } from '../../../src/domain/sound/wav.js';

const block = (left: readonly number[], right: readonly number[] = left): StereoBlock => ({
  left: Float32Array.from(left),
  right: Float32Array.from(right),
});
const joined = (blocks: readonly StereoBlock[], side: 'left' | 'right'): number[] =>
  blocks.flatMap((b) => [...b[side]]);
const limited = (blocks: readonly StereoBlock[]): readonly StereoBlock[] => {
  const limiter = createLimiter();
  return [...blocks.flatMap((each) => limiter.push(each)), ...limiter.flush()];
};
/** Windows of one loudness each, with a sign that changes. */
const loudness = (levels: readonly number[]): StereoBlock =>
  block(levels.flatMap((level) => Array.from({ length: RENDER_QUANTUM }, (_, i) => (i % 2 === 0 ? level : -level))));

describe('limiter', () => {
  it('keeps all samples below the threshold, and changes neither length nor signs', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1, maxLength: 30 }), (levels) => {
        const input = loudness(levels);
        const output = joined(limited([input]), 'left');
        expect(output).toHaveLength(input.left.length);
        output.forEach((sample, i) => {
          expect(Math.abs(sample)).toBeLessThanOrEqual(LIMITER_THRESHOLD + 1e-6);
          expect(sample * input.left[i]!).toBeGreaterThanOrEqual(0);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('does not change sound that is not too loud', () => {
    const input = loudness([0.1, 0.8, 0.3]);
    expect(joined(limited([input]), 'right')).toEqual([...input.right]);
  });

  it('lowers the gain before a loud place and raises it slowly after it', () => {
    const output = joined(
      limited([loudness([...Array<number>(20).fill(0.5), 3, ...Array<number>(60).fill(0.5)])]),
      'left',
    );
    const level = (window: number): number => Math.abs(output[window * RENDER_QUANTUM + 64]!);
    expect([level(0), level(5)]).toEqual([0.5, 0.5]);
    expect(level(19)).toBeLessThan(0.4);
    expect(level(25)).toBeLessThan(level(79));
    expect(level(79)).toBeLessThan(0.5);
  });
});

describe('reverb', () => {
  it('adds a decaying echo that differs between the channels', () => {
    const reverb = createReverb();
    const blocks = Array.from({ length: 400 }, (_, i) =>
      block([i === 0 ? 1 : 0, ...Array<number>(RENDER_QUANTUM - 1).fill(0)]),
    );
    blocks.forEach(reverb);
    const [left, right] = [joined(blocks, 'left'), joined(blocks, 'right')];
    const energy = (from: number, to: number): number => left.slice(from, to).reduce((sum, x) => sum + x * x, 0);
    expect(left[0]).toBeCloseTo(1, 3);
    expect(energy(1000, 10_000)).toBeGreaterThan(1e-4);
    expect(energy(41_000, 50_000)).toBeLessThan(energy(1000, 10_000) / 500);
    expect(left.slice(1000)).not.toEqual(right.slice(1000));
  });
});

describe('mixDown', () => {
  it('ends in silence, without a jump', () => {
    const frames = mixdownFrames(0.2);
    const loud = block(Array.from({ length: frames }, (_, i) => Math.sin(i / 10) / 4));
    const sound = joined([...mixDown([loud], 0.2)], 'left');
    expect(sound).toHaveLength(frames);
    expect(sound.slice(-4000).every((sample) => sample === 0)).toBe(true);
    expect(Math.max(...sound.slice(20_000, 40_000))).toBeGreaterThan(0.3);
    for (let i = frames - 44_100; i < frames; i++) expect(Math.abs(sound[i]! - sound[i - 1]!)).toBeLessThan(0.2);
  });
});

describe('WAV files', () => {
  it('are parsed as they were written, and have the standard header', () => {
    const wave = createWavWriter(3, { title: 'Läufe', comment: 'odd' });
    wave.append(block([0, 0.5, 2], [-1, -0.5, -2]));
    const facts = parseWav(wave.bytes);
    expect(facts).toMatchObject({ sampleRate: 44_100, channels: 2, bitsPerSample: 16, frames: 3, comment: 'odd' });
    const view = new DataView(facts.data.buffer, facts.data.byteOffset);
    expect([0, 2, 4, 6, 8, 10].map((at) => view.getInt16(at, true))).toEqual([0, -32767, 16384, -16383, 32767, -32767]);
    const bytes = Buffer.from(wave.bytes);
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
    expect(
      bytes
        .subarray(0, 16)
        .toString('latin1')
        .replace(/[^ -~]/g, '.'),
    ).toMatch(/^RIFF....WAVEfmt $/);
    expect(bytes.indexOf('data') % 2).toBe(0);
    expect(bytes.includes('L?ufe')).toBe(true);
  });

  it('are refused if they are cut off or not WAV', () => {
    const { bytes } = createWavWriter(10, { title: 'a', comment: 'b' });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => parseWav(bytes.subarray(0, length))).toThrow(DamagedFileError);
    }
  });
});
