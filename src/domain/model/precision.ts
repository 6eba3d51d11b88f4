import type { Tensor } from '../tensor/tensor.js';

/** How a model file keeps the weights of its convolutions and matrix products; all else, and all computing, is float32. */
export const PRECISIONS = ['fp32', 'fp16', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];
export type SmallPrecision = Exclude<Precision, 'fp32'>;

/** What smaller weights change, measured on tunes of fixed noise beside the same network with its weights in float32. */
export interface PrecisionLoss {
  readonly weights: SmallPrecision;
  readonly tunes: number;
  /** Of all of them. */
  readonly cells: number;
  /** Cells that sound in one and not in the other. */
  readonly changed: number;
  /** In the tune that changed most. */
  readonly mostInATune: number;
  /** Of a certainty, 0..1. */
  readonly largestError: number;
}

/** 65,504: what is nearer to the next power of two is infinite. */
export const LARGEST_FLOAT16 = 65_504;

/** IEEE 754 binary16, the nearest; of two equally near the one with an even last bit. Beyond 65,520 infinite; NaN stays NaN. */
export function toFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.slice().buffer);
  return Uint16Array.from(bits, (b) => {
    const sign = (b >>> 16) & 0x8000;
    const exponent = (b >>> 23) & 0xff;
    const fraction = b & 0x7fffff;
    if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
    const shifted = exponent - 127 + 15;
    if (shifted >= 31) return sign | 0x7c00;
    if (shifted > 0) return sign | halfEven((shifted << 23) | fraction, 13);
    // Subnormal: the leading 1 is written out and moved to where the least exponent puts it.
    return shifted < -10 ? sign : sign | halfEven(0x800000 | fraction, 14 - shifted);
  });
}

/** x / 2 ** places, rounded to the nearest whole number, halves to an even one. */
function halfEven(x: number, places: number): number {
  const whole = x >>> places;
  const rest = x & ((1 << places) - 1);
  const half = 1 << (places - 1);
  return rest > half || (rest === half && whole % 2 === 1) ? whole + 1 : whole;
}

/** What binary16 numbers are. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const [sign, exponent, fraction] = [half >> 15 === 0 ? 1 : -1, (half >> 10) & 31, half & 0x3ff];
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
}

/** Of float32: below it, digits are lost. */
const LEAST_NORMAL = 2 ** -126;

/** Whole numbers and what each channel's are multiplied with. */
export interface Quantised {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Symmetric linear quantisation by channel: w is nearly value * scale, value in -127..127, scale the channel's largest |w| / 127, as
 * ONNX's DequantizeLinear has it without a zero point (https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html). No
 * number is off by more than half a scale. A channel of numbers below 127 * 2^-126 is all zeros.
 * @param axis of the channels
 */
export function quantise({ shape, data }: Tensor, axis: number): Quantised {
  const channels = shape[axis]!;
  const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const channelOf = (i: number): number => Math.floor(i / inner) % channels;
  const largest = new Float32Array(channels);
  data.forEach((w, i) => {
    const channel = channelOf(i);
    largest[channel] = Math.max(largest[channel]!, Math.abs(w));
  });
  const scales = largest.map((most) => (most < 127 * LEAST_NORMAL ? 1 : most / 127));
  const values = Int8Array.from(data, (w, i) => {
    return Math.max(-127, Math.min(127, Math.round(w / scales[channelOf(i)]!)));
  });
  return { values, scales };
}
