import { sizeOf, type Shape, type Tensor } from '../tensor/tensor.js';

/** Storage types of the weights of convolutions and matrix products in a model file. Computation is in float32. */
export const PRECISIONS = ['fp32', 'fp16', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];
export type ReducedPrecision = Exclude<Precision, 'fp32'>;

/** The difference between tunes of reduced and of float32 weights, measured with the same noise. */
export interface PrecisionLoss {
  readonly weights: ReducedPrecision;
  /** Number of tunes compared. */
  readonly tunes: number;
  /** Cells of all tunes. */
  readonly cells: number;
  /** Cells that sound with float32 weights. Most cells are silent in both. */
  readonly sounding: number;
  /** Cells that sound with only one of the two. */
  readonly changed: number;
  /** Changed cells of the tune that has most of them. */
  readonly mostInATune: number;
  /** Largest difference of a probability, 0..1. */
  readonly largestError: number;
}

/** The largest finite float16. */
export const MAX_FLOAT16 = 65_504;

/** Rounds to IEEE 754 binary16, ties to even. From 65,520 on the result is infinite; NaN stays NaN. */
export function toFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.slice().buffer);
  return Uint16Array.from(bits, (b) => {
    const sign = (b >>> 16) & 0x8000;
    const exponent = (b >>> 23) & 0xff;
    const fraction = b & 0x7fffff;
    if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
    const shifted = exponent - 127 + 15;
    if (shifted >= 31) return sign | 0x7c00;
    if (shifted > 0) return sign | shiftRightHalfEven((shifted << 23) | fraction, 13);
    // Subnormal: the implicit leading 1 becomes explicit and is shifted to the smallest exponent.
    return shifted < -10 ? sign : sign | shiftRightHalfEven(0x800000 | fraction, 14 - shifted);
  });
}

/** x / 2 ** places, rounded to the nearest integer, ties to even. */
function shiftRightHalfEven(x: number, places: number): number {
  const whole = x >>> places;
  const rest = x & ((1 << places) - 1);
  const half = 1 << (places - 1);
  return rest > half || (rest === half && whole % 2 === 1) ? whole + 1 : whole;
}

/** The values of IEEE 754 binary16 bit patterns. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const [sign, exponent, fraction] = [half >> 15 === 0 ? 1 : -1, (half >> 10) & 31, half & 0x3ff];
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
}

/** The smallest normal float32. */
const MIN_NORMAL_FLOAT32 = 2 ** -126;
/** 127 times this scale is finite in float32. */
const MAX_SCALE = ((2 - 2 ** -22) * 2 ** 127) / 127;

interface QuantizedInt8 {
  readonly values: Int8Array;
  /** One for each channel. */
  readonly scales: Float32Array;
}

/**
 * Symmetric linear quantization with a scale for each channel, max |w| / 127, as ONNX's QuantizeLinear without a zero
 * point (https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html): w ~ value * scale, value in -127..127, ties to
 * even. The error is at most half a scale. A channel whose values are all below 127 * 2^-126 becomes zeros.
 * @param axis the channel axis
 */
export function quantizePerChannel({ shape, data }: Tensor, axis: number): QuantizedInt8 {
  const channelOf = channelIndexAlong(shape, axis);
  const maxima = new Float32Array(shape[axis]!);
  data.forEach((w, i) => {
    const channel = channelOf(i);
    maxima[channel] = Math.max(maxima[channel]!, Math.abs(w));
  });
  const scales = maxima.map((max) => (max < 127 * MIN_NORMAL_FLOAT32 ? 1 : Math.min(MAX_SCALE, max / 127)));
  const values = Int8Array.from(data, (w, i) => roundHalfEven(w / scales[channelOf(i)]!));
  return { values, scales };
}

/** The nearest integer, ties to even. */
function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}

interface OffsetInt8 {
  readonly values: Int8Array;
  /** One for each channel. */
  readonly offsets: Float32Array;
}

/**
 * Stores integers in 8 bits without loss: x = value + offset. It is for tables of integers, such as the plan library,
 * which must be exact. Undefined when the values of a channel span more than 255 or are too large for exact sums.
 * @param data integers
 * @param axis the channel axis
 */
export function toOffsetInt8({ shape, data }: Tensor, axis: number): OffsetInt8 | undefined {
  const channelOf = channelIndexAlong(shape, axis);
  const minima = new Float32Array(shape[axis]!).fill(Infinity);
  const maxima = new Float32Array(shape[axis]!).fill(-Infinity);
  data.forEach((x, i) => {
    const channel = channelOf(i);
    minima[channel] = Math.min(minima[channel]!, x);
    maxima[channel] = Math.max(maxima[channel]!, x);
  });
  const fits = minima.every((low, i) => maxima[i]! - low <= 255 && Math.max(-low, maxima[i]!) < 2 ** 23);
  if (!fits) return undefined;
  const offsets = minima.map((low, i) => (low >= -128 && maxima[i]! <= 127 ? 0 : low + 128));
  return { values: Int8Array.from(data, (x, i) => x - offsets[channelOf(i)]!), offsets };
}

/** A function from the row-major index of an element to its channel. */
function channelIndexAlong(shape: Shape, axis: number): (i: number) => number {
  const [channels, inner] = [shape[axis]!, sizeOf(shape.slice(axis + 1))];
  return (i) => Math.floor(i / inner) % channels;
}
