import type { StereoBlock } from './stereo-block.js';

/** Adds the echo of a room to consecutive blocks, in place. */
type Reverb = (block: StereoBlock) => void;

/** Gain of the sound that enters the filters. */
const WET_LEVEL = 0.05;
/** Feedback gain of the comb filters: with 0.82 the echo decays by 60 dB in about 1.2 s. */
const FEEDBACK = 0.82;
/** Coefficient of the low-pass in each comb filter: walls absorb high frequencies. */
const DAMPING = 0.35;
/** Gain of the all-pass filters. */
const DIFFUSION = 0.5;
/** Delays in frames at 44.1 kHz, after Freeverb (Jezar 2000); longer by STEREO_SPREAD in the right channel. */
const COMB_LENGTHS = [1116, 1188, 1277, 1356, 1422, 1491];
const ALLPASS_LENGTHS = [556, 441];
const STEREO_SPREAD = 23;
/** Keeps the recursive filters from denormal numbers, which are slow. */
const ANTI_DENORMAL = 1e-18;

/** Schroeder's reverberator (1962): for each channel, parallel comb filters, then all-pass filters in series. */
export function createReverb(): Reverb {
  const filters = [0, STEREO_SPREAD].map((spread) => ({
    combs: COMB_LENGTHS.map((length) => createCombFilter(length + spread)),
    allpasses: ALLPASS_LENGTHS.map((length) => createAllpassFilter(length + spread)),
  }));
  return ({ left, right }) => {
    const input = left.map((sample, i) => (sample + right[i]!) * WET_LEVEL + ANTI_DENORMAL);
    [left, right].forEach((out, channel) => {
      const echo = new Float32Array(input.length);
      for (const comb of filters[channel]!.combs) comb(input, echo);
      for (const allpass of filters[channel]!.allpasses) allpass(echo);
      for (let i = 0; i < echo.length; i++) out[i]! += echo[i]!;
    });
  };
}

/** y[n] = x[n] + feedback * lowpass(y[n - length]), added to `echo`. */
function createCombFilter(length: number): (input: Float32Array, echo: Float32Array) => void {
  const memory = new Float32Array(length);
  let [at, low] = [0, 0];
  return (input, echo) => {
    for (let i = 0; i < input.length; i++) {
      const old = memory[at]!;
      low = old * (1 - DAMPING) + low * DAMPING;
      memory[at] = input[i]! + low * FEEDBACK;
      echo[i]! += old;
      at = at + 1 === length ? 0 : at + 1;
    }
  };
}

/** y[n] = -x[n] + v[n - length], v[n] = x[n] + diffusion * v[n - length], in place. */
function createAllpassFilter(length: number): (echo: Float32Array) => void {
  const memory = new Float32Array(length);
  let at = 0;
  return (echo) => {
    for (let i = 0; i < echo.length; i++) {
      const old = memory[at]!;
      memory[at] = echo[i]! + old * DIFFUSION;
      echo[i] = old - echo[i]!;
      at = at + 1 === length ? 0 : at + 1;
    }
  };
}
