import { permutation, randomStream, type Random } from '../random.js';
import { sizeOf, type NamedTensors, type Shape, type Tensor } from '../tensor/tensor.js';
import { GENERATOR_TENSORS } from './generator-program.js';
import type { ModelMetadata } from './model-metadata.js';
import { normalQuantile } from './normal-quantile.js';

/** The latent input of one tune: a standard normal tensor for each of the generator's inputs, by name. */
export type Noise = NamedTensors;

/** The shapes of a generator's noise inputs, by name, without the batch axis. */
export type NoiseShapes = ReadonlyMap<string, Shape>;

export const noiseShapesOf = ({ noiseShape }: Pick<ModelMetadata, 'noiseShape'>): NoiseShapes =>
  new Map([[GENERATOR_TENSORS.noise, noiseShape]]);

interface NoiseDrawOptions {
  readonly seed: number;
  /** Which tune of the seed, from 0. */
  readonly index: number;
  /** Which candidate for the tune, from 0, the default. A tune without constraints takes candidate 0. */
  readonly attempt?: number;
  /** Largest absolute value; Infinity by default. */
  readonly truncation?: number | undefined;
}

/**
 * Draws the noise of a tune, a pure function of the arguments. Values beyond the truncation are drawn again until they
 * are within it (the truncation trick of Brock, Donahue, Simonyan 2019). The other values do not depend on it.
 */
export function drawNoise(
  shapes: NoiseShapes,
  { seed, index, attempt = 0, truncation = Infinity }: NoiseDrawOptions,
): Noise {
  const isFirst = attempt === 0;
  const stream = isFirst ? 'noise' : 'attempts';
  const random = randomStream(seed, stream, isFirst ? index : index * MAX_NOISE_ATTEMPTS + attempt);
  const redraws = randomStream(seed, 'truncation', index * MAX_NOISE_ATTEMPTS + attempt);
  return mapTensors(shapes, (shape) => {
    const data = new Float32Array(sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = redrawUntilWithin(truncation, random.normal(), redraws);
    return { shape, data };
  });
}

/** The largest number of candidates for one tune. */
export const MAX_NOISE_ATTEMPTS = 64;

function redrawUntilWithin(limit: number, drawn: number, redraws: Random): number {
  let value = drawn;
  while (Math.abs(value) > limit) value = redraws.normal();
  return value;
}

/**
 * Spherical linear interpolation (Shoemake 1985; of latent vectors White 2016), with all inputs as one vector:
 *
 *     sin((1 - t) w) / sin w  a  +  sin(t w) / sin w  b,   cos w = a b / (|a| |b|)
 *
 * A straight line would pass nearer to the origin than any noise that the generator was trained on.
 */
export function slerp(a: Noise, b: Noise, t: number): Noise {
  if (t === 0) return a;
  if (t === 1) return b;
  const [ab, aa, bb] = [dotProduct(a, b), dotProduct(a, a), dotProduct(b, b)];
  const cosine = aa === 0 || bb === 0 ? 1 : Math.min(1, Math.max(-1, ab / Math.sqrt(aa * bb)));
  const angle = Math.acos(cosine);
  const sine = Math.sin(angle);
  const [weightA, weightB] = sine < 1e-6 ? [1 - t, t] : [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
  return mapTensors(a, ({ shape, data }, name) => {
    const other = b.get(name)!.data;
    return { shape, data: data.map((x, i) => weightA * x + weightB * other[i]!) };
  });
}

/**
 * `slerp` for the elements that the output depends on continuously. The others select between alternatives, so they
 * jump from a's value to b's after t = 0.5.
 * @param isContinuous 1 at the first kind of elements, 0 at the others
 */
export function interpolateNoise(a: Noise, b: Noise, t: number, isContinuous: Noise): Noise {
  const nearer = t <= 0.5 ? a : b;
  return mapTensors(slerp(a, b, t), ({ shape, data }, name) => {
    const [selected, continuous] = [nearer.get(name)!.data, isContinuous.get(name)!.data];
    return { shape, data: data.map((x, i) => (continuous[i] === 0 ? selected[i]! : x)) };
  });
}

/**
 * `count` copies of a noise that differ in its discontinuous elements, by Latin hypercube sampling (McKay, Beckman,
 * Conover 1979): each element takes each of `count` evenly spaced normal quantiles once. So an element that selects one
 * of at most `count` equally likely alternatives selects every one. Empty when all elements are continuous.
 * @param isContinuous as in `interpolateNoise`
 */
export function latinHypercubeNoises(noise: Noise, isContinuous: Noise, count: number): readonly Noise[] {
  const random = randomStream(0, 'attempts');
  const discontinuous = [...isContinuous].flatMap(([name, { data }]) =>
    [...data.keys()].filter((at) => data[at] === 0).map((at) => ({ name, at })),
  );
  if (discontinuous.length === 0) return [];
  const samples = Array.from({ length: count }, () =>
    mapTensors(noise, ({ shape, data }) => ({ shape, data: Float32Array.from(data) })),
  );
  for (const { name, at } of discontinuous) {
    const strata = permutation(random, count);
    samples.forEach((sample, i) => {
      (sample.get(name)!.data as Float32Array)[at] = normalQuantile((strata[i]! + 0.5) / count);
    });
  }
  return samples;
}

function dotProduct(a: Noise, b: Noise): number {
  let sum = 0;
  for (const [name, { data }] of a) {
    const other = b.get(name)!.data;
    for (let i = 0; i < data.length; i++) sum += data[i]! * other[i]!;
  }
  return sum;
}

const mapTensors = <T>(values: ReadonlyMap<string, T>, transform: (value: T, name: string) => Tensor): Noise =>
  new Map([...values].map(([name, value]) => [name, transform(value, name)]));
