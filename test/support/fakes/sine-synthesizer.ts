import { DamagedFileError } from '../../../src/domain/errors.js';
import { SAMPLE_RATE, RENDER_QUANTUM } from '../../../src/domain/sound/stereo-block.js';
import type { Synthesizer } from '../../../src/ports/synthesizer.js';
import { hertz } from '../pitch-strength.js';

/** The SoundFont of the sine synthesizer names its programs: `SINE 0,40,drums`. */
export const sineFont = (words: string): Uint8Array => new TextEncoder().encode(`SINE ${words}`);

const { PI, sin, min } = Math;

/** Plays every note as a sine; drums as one of 100 Hz. Counts the times that it played. */
export function sineSynthesizer(): Synthesizer & { readonly played: number } {
  let played = 0;
  return {
    get played() {
      return played;
    },
    async load(soundFont) {
      const [, words] = /^SINE (.*)$/.exec(new TextDecoder().decode(soundFont)) ?? [];
      if (words === undefined || soundFont.length < 6 || !/^[\d,]+(drums)?$/.test(words)) {
        throw new DamagedFileError('no SINE at its start');
      }
      const names = words.split(',');
      return {
        programs: new Set(names.filter((name) => name !== 'drums').map(Number)),
        hasDrums: names.includes('drums'),
        *render(parts, frames) {
          played++;
          const left = new Float32Array(frames);
          for (const { notes, isDrums } of parts) {
            for (const { start, end, pitch, velocity } of notes) {
              const step = (2 * PI * (isDrums ? 100 : hertz(pitch))) / SAMPLE_RATE;
              const from = Math.round(start * SAMPLE_RATE);
              const to = min(frames, end * SAMPLE_RATE);
              for (let i = from; i < to; i++) left[i]! += 0.1 * (velocity / 127) ** 2 * sin((i - from) * step);
            }
          }
          for (let at = 0; at < frames; at += 8 * RENDER_QUANTUM) {
            const block = left.slice(at, at + 8 * RENDER_QUANTUM);
            yield { left: block, right: block.slice() };
          }
        },
      };
    },
  };
}
