import { slerp, drawNoise, MAX_NOISE_ATTEMPTS, type Noise, type NoiseShapes } from '../model/noise.js';
import type { ComposeOptions } from './compose-options.js';

/** The noises from which tunes are generated. */
export interface NoisePlan {
  /** Candidate noises of tune `index` (from 1). The first one is that of a tune without criteria. */
  candidateNoises(index: number): Iterable<() => Noise>;
  /** Such as `seed 7`. */
  readonly source: string;
  /** Such as `seed 7, tune 2`. */
  title(index: number): string;
}

export interface NoisePlanRequest extends ComposeOptions {
  readonly seed: number;
  readonly count: number;
}

/** Plans noises of a seed, or interpolated between those of two seeds. */
export function planNoise(shapes: NoiseShapes, request: NoisePlanRequest): NoisePlan {
  const { seed, count, truncation, interpolate, key, density } = request;
  const draw = (noiseSeed: number, index: number, attempt = 0): Noise =>
    drawNoise(shapes, { seed: noiseSeed, index, attempt, truncation });
  if (interpolate !== undefined) {
    const { from, to } = interpolate;
    const [a, b] = [draw(from, 0), draw(to, 0)];
    return {
      source: `seed ${from} to seed ${to}`,
      candidateNoises: (index) => [() => slerp(a, b, (index - 1) / (count - 1))],
      title: (index) => `from seed ${from} to seed ${to}, step ${index} of ${count}`,
    };
  }
  const attempts = key === undefined && density === undefined ? 1 : MAX_NOISE_ATTEMPTS;
  return {
    source: `seed ${seed}`,
    candidateNoises: (index) => Array.from({ length: attempts }, (_, attempt) => () => draw(seed, index - 1, attempt)),
    title: (index) => `seed ${seed}, tune ${index}`,
  };
}
