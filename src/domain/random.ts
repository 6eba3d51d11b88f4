/**
 * Counter-based random numbers: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as
 * 1, 2, 3"). Every draw is a function of (seed, stream, step, position), so resuming at a step needs only the step.
 */

/** Streams by purpose. Equal seeds give independent numbers in different streams. Never change a number. */
const RANDOM_STREAMS = {
  weights: 1,
  noise: 2,
  shuffle: 3,
  augmentation: 4,
  tunes: 5,
  samples: 6,
  tests: 7,
  evaluation: 8,
  attempts: 9,
  truncation: 10,
  precision: 11,
} as const;
type RandomStreamName = keyof typeof RANDOM_STREAMS;

/** A deterministic sequence of draws. */
export interface Random {
  /** A uniform integer in 0..2^32-1. */
  uint32(): number;
  /** Uniform in [0, 1), a multiple of 2^-32. */
  uniform(): number;
  /** A uniform integer in 0..n-1, without bias; `n` in 1..2^32. */
  below(n: number): number;
  /** Standard normal (Box and Muller 1958). */
  normal(): number;
}

const TWO_32 = 2 ** 32;
// In locals, because test runners make every access of a global slow.
const { cos, floor, imul, log, PI, sin, sqrt } = Math;

/**
 * @param seed a whole number in 0..2^53-1
 * @param step a whole number in 0..2^53-1, such as the training step
 */
export function randomStream(seed: number, stream: RandomStreamName, step = 0): Random {
  const input = initialInput(seed, RANDOM_STREAMS[stream], step);
  const words = new Uint32Array(4);
  let used = 4; // words already drawn from the block
  let spare: number | undefined; // the second number of a Box-Muller pair
  const uint32 = (): number => {
    if (used === 4) {
      philoxBlock(input, words);
      input.counter0++;
      used = 0;
    }
    return words[used++]!;
  };
  const uniform = (): number => uint32() / TWO_32;
  const below = (n: number): number => {
    // Rejects the draws of the last, incomplete run of n, so that every remainder is equally likely.
    const limit = TWO_32 - (TWO_32 % n);
    let draw = uint32();
    while (draw >= limit) draw = uint32();
    return draw % n;
  };
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = sqrt(-2 * log((uint32() + 1) / TWO_32)); // (0, 1], so the logarithm is finite
    const angle = 2 * PI * uniform();
    spare = radius * sin(angle);
    return radius * cos(angle);
  };
  return { uint32, uniform, below, normal };
}

/** `length` standard normal draws. */
export function normals(random: Random, length: number): Float32Array {
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) out[i] = random.normal();
  return out;
}

/** 0..n-1 in random order (Fisher and Yates; Durstenfeld 1964). */
export function permutation(random: Random, n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}

type Word2 = readonly [number, number];
type Word4 = readonly [number, number, number, number];

/** Computes one block of four words into `out`. */
export function philox(counter: Word4, key: Word2, out: Uint32Array): void {
  const [counter0, counter1, counter2, counter3] = counter;
  philoxBlock({ counter0, counter1, counter2, counter3, key0: key[0], key1: key[1] }, out);
}

/** Counter and key, in single numbers for speed: the weights of a large network are tens of millions of draws. */
interface PhiloxInput {
  counter0: number;
  readonly counter1: number;
  readonly counter2: number;
  readonly counter3: number;
  readonly key0: number;
  readonly key1: number;
}

const initialInput = (seed: number, counter1: number, step: number): PhiloxInput => ({
  counter0: 0,
  counter1,
  counter2: step >>> 0,
  counter3: floor(step / TWO_32) >>> 0,
  key0: seed >>> 0,
  key1: floor(seed / TWO_32) >>> 0,
});

function philoxBlock(input: PhiloxInput, out: Uint32Array): void {
  let { counter0: a, counter1: b, counter2: c, counter3: d, key0: k0, key1: k1 } = input;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, a);
    const low0 = imul(0xd2511f53, a);
    const high1 = multiplyHigh(0xcd9e8d57, c);
    const low1 = imul(0xcd9e8d57, c);
    a = (high1 ^ b ^ k0) >>> 0;
    b = low1 >>> 0;
    c = (high0 ^ d ^ k1) >>> 0;
    d = low0 >>> 0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

/** The upper 32 bits of the 64-bit product x * y. */
function multiplyHigh(x: number, y: number): number {
  const xHigh = x >>> 16;
  const xLow = x & 0xffff;
  const yHigh = y >>> 16;
  const yLow = y & 0xffff;
  const middle = xHigh * yLow + ((xLow * yLow) >>> 16);
  const middle2 = xLow * yHigh + (middle & 0xffff);
  return xHigh * yHigh + (middle >>> 16) + (middle2 >>> 16);
}
