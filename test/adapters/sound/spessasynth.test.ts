import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { spessasynth } from '../../../src/adapters/sound/spessasynth.js';
import { mixDown, mixdownFrames } from '../../../src/domain/sound/mixdown.js';
import type { Part, PlayedNote } from '../../../src/domain/sound/score-performance.js';
import { SAMPLE_RATE } from '../../../src/domain/sound/stereo-block.js';
import type { LoadedSoundFont } from '../../../src/ports/synthesizer.js';
import { synthesizerContract } from '../../contracts/synthesizer.contract.js';
import { pitchStrength } from '../../support/pitch-strength.js';

const soundFont = (): Uint8Array => new Uint8Array(readFileSync('models/soundfont/apollo.sf3'));
const { abs, max } = Math;

synthesizerContract('spessasynth', () => spessasynth, soundFont);

describe('the SoundFont that comes along', () => {
  let orchestra: LoadedSoundFont;
  beforeAll(async () => {
    orchestra = await spessasynth.load(soundFont());
  });
  const note = (start: number, end: number, pitch: number, velocity = 90): PlayedNote => ({
    start,
    end,
    pitch,
    velocity,
  });

  /** What is heard, the left ear. */
  function hear(seconds: number, program: number, ...notes: PlayedNote[]): Float32Array {
    const parts: readonly Part[] = [{ program, isDrums: false, notes }];
    const sound = new Float32Array(mixdownFrames(seconds));
    let at = 0;
    for (const { left } of mixDown(orchestra.render(parts, sound.length), seconds)) {
      sound.set(left, at);
      at += left.length;
    }
    return sound;
  }
  const between = (sound: Float32Array, from: number, to: number): Float32Array =>
    sound.subarray(Math.round(from * SAMPLE_RATE), Math.round(to * SAMPLE_RATE));

  /**
   * A click holds all frequencies, a tone hardly any above 10 kHz; the eighth difference keeps only those. The largest
   * of any 10 ms, compared with what is usual in this sound.
   */
  function roughness(sound: Float32Array): number {
    const high = Float64Array.from(between(sound, 0.5, 2.9));
    for (let order = 0; order < 8; order++) for (let i = high.length - 1; i > 0; i--) high[i]! -= high[i - 1]!;
    const peaks: number[] = [];
    for (let at = 100; at + 441 < high.length; at += 441) {
      peaks.push(high.subarray(at, at + 441).reduce((most, value) => max(most, abs(value)), 0));
    }
    return max(...peaks) / [...peaks].sort((a, b) => a - b)[peaks.length >> 1]!;
  }

  it('has eight instruments and no drums, in 2 MB, with its licence', () => {
    expect([...orchestra.programs].sort((a, b) => a - b)).toEqual([0, 19, 21, 24, 32, 40, 48, 73]);
    expect(orchestra.hasDrums).toBe(false);
    expect(soundFont().length).toBeLessThan(2_100_000);
    expect(readFileSync('models/soundfont/LICENSE.md', 'utf8')).toMatch(/MIT license[^]*Permission is hereby granted/);
  });

  it('plays a melody: the right pitches at the right times, and silence at the end', () => {
    const melody = [60, 64, 67, 72, 71, 55];
    const sound = hear(1.8, 0, ...melody.map((pitch, i) => note(i * 0.3, i * 0.3 + 0.28, pitch)));
    melody.forEach((pitch, i) => {
      const part = between(sound, i * 0.3 + 0.08, i * 0.3 + 0.28);
      const candidates = Array.from({ length: 24 }, (_, k) => 52 + k).filter((other) => abs(other - pitch) !== 12);
      const strengths = candidates.map((other) => [pitchStrength(part, other), other] as const);
      const [strongest] = strengths.sort(([a], [b]) => b - a);
      expect([i, strongest![1]]).toEqual([i, pitch]);
    });
    expect(between(sound, 1.8 + 2.41, 9).every((sample) => sample === 0)).toBe(true);
  });

  it.each([19, 21, 40, 48, 73])('holds a note of program %i for three seconds without a click', (program) => {
    const sound = hear(3, program, note(0, 3, 67));
    expect(roughness(sound)).toBeLessThan(5);
    const broken = sound.slice();
    const peak = sound.reduce((most, sample) => max(most, abs(sample)), 0);
    for (let i = 2 * SAMPLE_RATE; i < broken.length; i++) broken[i]! += peak / 10;
    expect(roughness(broken)).toBeGreaterThan(5); // so a click would be seen
    expect(pitchStrength(between(sound, 2.6, 2.9), 67)).toBeGreaterThan(0.01); // it is still there
  });

  it('refuses a SoundFont that is cut off', async () => {
    for (const length of [12, 5000, soundFont().length - 1]) {
      await expect(spessasynth.load(soundFont().subarray(0, length))).rejects.toThrow(
        /cut off|damaged|no General MIDI/,
      );
    }
  });

  it('stays under full scale when thirty notes are struck at once', () => {
    const chord = Array.from({ length: 30 }, (_, i) => note(0, 0.5, 40 + i, 127));
    expect(hear(0.5, 48, ...chord).reduce((peak, sample) => max(peak, abs(sample)), 0)).toBeLessThan(0.9);
  });
});
