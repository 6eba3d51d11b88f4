import { slerp, drawNoise, MAX_NOISE_ATTEMPTS, type Noise, type NoiseShapes } from '../model/noise.js';
import type { ComposeOptions } from './compose-options.js';

/** What each tune is drawn from. */
export interface NoisePlan {
  /** Noises that tune `index` (from 1) may choose from, the one that it has without any wish first. */
  candidateNoises(index: number): Iterable<() => Noise>;
  /** `seed 7` */
  readonly source: string;
  /** `seed 7, tune 2` */
  title(index: number): string;
}

export interface NoisePlanRequest extends ComposeOptions {
  readonly seed: number;
  readonly count: number;
}

/** Noise of the seed, or on the way from one seed's to another's. */
export function planNoise(shapes: NoiseShapes, request: NoisePlanRequest): NoisePlan {
  const { seed, count, truncation, interpolate, key, density } = request;
  const draw = (of: number, index: number, attempt = 0): Noise =>
    drawNoise(shapes, { seed: of, index, attempt, truncation });
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
