import { describe, expect, it } from '@jest/globals';
import { DamagedFileError } from '../../src/domain/errors.js';
import type { Part, PlayedNote } from '../../src/domain/sound/score-performance.js';
import { framesForSeconds, SAMPLE_RATE } from '../../src/domain/sound/stereo-block.js';
import type { LoadedSoundFont, Synthesizer } from '../../src/ports/synthesizer.js';
import { pitchStrength } from '../support/pitch-strength.js';

const { max, abs } = Math;
const note = (start: number, end: number, pitch: number, velocity = 90): PlayedNote => ({
  start,
  end,
  pitch,
  velocity,
});

/** What every Synthesizer promises. @param soundFont bytes that it can load; program 0 is in it */
export function synthesizerContract(name: string, make: () => Synthesizer, soundFont: () => Uint8Array): void {
  describe(`Synthesizer: ${name}`, () => {
    const part = (...notes: PlayedNote[]): Part => ({ program: 0, isDrums: false, notes });
    /** Left channel. */
    const play = async (parts: readonly Part[], seconds: number, with_?: LoadedSoundFont): Promise<Float32Array> => {
      const orchestra = with_ ?? (await make().load(soundFont()));
      const sound = new Float32Array(framesForSeconds(seconds));
      let at = 0;
      for (const { left, right } of orchestra.render(parts, framesForSeconds(seconds))) {
        expect(right.length).toBe(left.length);
        sound.set(left, at);
        at += left.length;
      }
      return sound.subarray(0, at);
    };
    const between = (sound: Float32Array, from: number, to: number): Float32Array =>
      sound.subarray(from * SAMPLE_RATE, to * SAMPLE_RATE);
    const peak = (sound: Float32Array): number => sound.reduce((most, sample) => max(most, abs(sample)), 0);

    it('gives as many frames as were asked for', async () => {
      for (const seconds of [0.003, 0.3])
        expect((await play([part(note(0, 1, 60))], seconds)).length).toBe(framesForSeconds(seconds));
    });

    it('gives equal samples for equal parts, whatever was played before', async () => {
      const parts = [part(note(0, 0.2, 60), note(0.1, 0.2, 67))];
      const orchestra = await make().load(soundFont());
      const first = await play(parts, 0.3, orchestra);
      await play([part(note(0, 5, 40))], 0.2, orchestra);
      const [again, fresh] = [await play(parts, 0.3, orchestra), await play(parts, 0.3)];
      expect(Buffer.compare(Buffer.from(first.buffer), Buffer.from(again.buffer))).toBe(0);
      expect(Buffer.compare(Buffer.from(first.buffer), Buffer.from(fresh.buffer))).toBe(0);
      expect(peak(first)).toBeGreaterThan(0.005);
    });

    it('sounds at the pitch of a note, from its start to its end and not long after', async () => {
      const sound = await play([part(note(0.5, 1, 69))], 2);
      expect(peak(between(sound, 0, 0.49))).toBeLessThan(1e-4);
      const held = between(sound, 0.6, 0.9);
      for (const other of [67, 68, 70, 71])
        expect(pitchStrength(held, 69)).toBeGreaterThan(8 * pitchStrength(held, other));
      expect(peak(between(sound, 1.8, 2))).toBeLessThan(peak(held) / 50);
    });

    it('is louder the harder a note is struck', async () => {
      const peaks = [];
      for (const velocity of [20, 64, 110]) peaks.push(peak(await play([part(note(0, 0.3, 60, velocity))], 0.3)));
      expect(peaks[1]!).toBeGreaterThan(1.5 * peaks[0]!);
      expect(peaks[2]!).toBeGreaterThan(1.3 * peaks[1]!);
    });

    it('plays parts together', async () => {
      const sound = await play([part(note(0, 0.5, 60)), part(note(0, 0.5, 66))], 0.5);
      const [one, other, neither] = [60, 66, 63].map((pitch) => pitchStrength(between(sound, 0.1, 0.4), pitch));
      expect(one).toBeGreaterThan(8 * neither!);
      expect(other).toBeGreaterThan(8 * neither!);
    });

    it('is silent without notes', async () => {
      expect(peak(await play([], 0.1))).toBe(0);
    });

    it('rejects bytes that are no SoundFont', async () => {
      const whole = soundFont();
      for (const bytes of [new Uint8Array(), Uint8Array.of(1, 2, 3), whole.subarray(0, 4), whole.map((b) => b ^ 1)]) {
        await expect(make().load(bytes)).rejects.toThrow(DamagedFileError);
      }
    });
  });
}
