import { permutation, randomStream, type Random } from '../random.js';
import { sizeOf, type NamedTensors, type Shape, type Tensor } from '../tensor/tensor.js';
import { GENERATOR_TENSORS } from './generator-program.js';
import type { ModelMetadata } from './model-metadata.js';
import { normalQuantile } from './normal-quantile.js';

/** What a tune is drawn from: a tensor for each of the generator's inputs, by name, standard normal, for one tune. */
export type Noise = NamedTensors;

/** The shapes of a generator's noise inputs, by name, without the batch axis. */
export type NoiseShapes = ReadonlyMap<string, Shape>;

export const noiseShapesOf = ({ noiseShape }: Pick<ModelMetadata, 'noiseShape'>): NoiseShapes =>
  new Map([[GENERATOR_TENSORS.noise, noiseShape]]);

export interface NoiseDrawOptions {
  readonly seed: number;
  /** Which tune of the seed, from 0. */
  readonly index: number;
  /** Which of the tune's noises, from 0: the first is what is drawn when nothing is asked of the tune. Default 0. */
  readonly attempt?: number;
  /** No number is larger than this; Infinity by default. */
  readonly truncation?: number | undefined;
}

/**
 * The noise of a tune: a function of what is asked for and the shapes alone. With a truncation, numbers beyond it are drawn
 * again until they are within (the truncation trick of Brock, Donahue, Simonyan 2019); those within stay as they are, so that
 * tunes change only where they were far from the usual.
 */
export function drawNoise(
  shapes: NoiseShapes,
  { seed, index, attempt = 0, truncation = Infinity }: NoiseDrawOptions,
): Noise {
  const first = attempt === 0;
  const own = randomStream(seed, first ? 'noise' : 'attempts', first ? index : index * MAX_NOISE_ATTEMPTS + attempt);
  const again = randomStream(seed, 'truncation', index * MAX_NOISE_ATTEMPTS + attempt);
  return mapTensors(shapes, (shape) => {
    const data = new Float32Array(sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = redrawUntilWithin(truncation, own.normal(), again);
    return { shape, data };
  });
}

/** Noises that one tune may choose from. */
export const MAX_NOISE_ATTEMPTS = 64;

function redrawUntilWithin(limit: number, drawn: number, again: Random): number {
  let value = drawn;
  while (Math.abs(value) > limit) value = again.normal();
  return value;
}

/**
 * Between two noises on the sphere (Shoemake 1985; for noise White 2016): a at 0, b at 1, at constant speed along the great
 * circle. A straight line would pass nearer to the origin than any noise that the generator was trained on.
 *
 *     sin((1 - t) w) / sin w  a  +  sin(t w) / sin w  b,   cos w = a b / (|a| |b|)
 *
 * All inputs are one vector, so that they move together.
 */
export function slerp(a: Noise, b: Noise, t: number): Noise {
  if (t === 0) return a;
  if (t === 1) return b;
  const [along, own, other] = [dotProduct(a, b), dotProduct(a, a), dotProduct(b, b)];
  const cosine = own === 0 || other === 0 ? 1 : Math.min(1, Math.max(-1, along / Math.sqrt(own * other)));
  const angle = Math.acos(cosine);
  const sine = Math.sin(angle);
  const [ofA, ofB] = sine < 1e-6 ? [1 - t, t] : [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
  return mapTensors(a, ({ shape, data }, name) => {
    const far = b.get(name)!.data;
    return { shape, data: data.map((x, i) => ofA * x + ofB * far[i]!) };
  });
}

/**
 * Of the way from a to b as `between`, but numbers that choose between things that have nothing between them stay a's up to
 * the middle, and are b's from there on.
 * @param sloped 0 at such numbers, 1 at the others
 */
export function interpolateNoise(a: Noise, b: Noise, t: number, sloped: Noise): Noise {
  const nearer = t <= 0.5 ? a : b;
  return mapTensors(slerp(a, b, t), ({ shape, data }, name) => {
    const [own, moves] = [nearer.get(name)!.data, sloped.get(name)!.data];
    return { shape, data: data.map((x, i) => (moves[i] === 0 ? own[i]! : x)) };
  });
}

/**
 * Noises that differ from one only in the numbers without slope, `count` of each spread evenly over the quantiles of a
 * standard normal, in another order for each number (Latin hypercube sampling, McKay, Beckman, Conover 1979). So a number that
 * chooses one of no more than `count` equally likely things chooses each of them. None when all have a slope.
 */
export function latinHypercubeNoises(noise: Noise, sloped: Noise, count: number): readonly Noise[] {
  const random = randomStream(0, 'attempts');
  const held = [...sloped].flatMap(([name, { data }]) =>
    [...data.keys()].filter((at) => data[at] === 0).map((at) => ({ name, at })),
  );
  if (held.length === 0) return [];
  const spreads = Array.from({ length: count }, () =>
    mapTensors(noise, ({ shape, data }) => ({ shape, data: Float32Array.from(data) })),
  );
  for (const { name, at } of held) {
    const order = permutation(random, count);
    spreads.forEach(
      (one, i) => ((one.get(name)!.data as Float32Array)[at] = normalQuantile((order[i]! + 0.5) / count)),
    );
  }
  return spreads;
}

function dotProduct(a: Noise, b: Noise): number {
  let sum = 0;
  for (const [name, { data }] of a) {
    const other = b.get(name)!.data;
    for (let i = 0; i < data.length; i++) sum += data[i]! * other[i]!;
  }
  return sum;
}

const mapTensors = <T>(from: ReadonlyMap<string, T>, make: (value: T, name: string) => Tensor): Noise =>
  new Map([...from].map(([name, value]) => [name, make(value, name)]));
