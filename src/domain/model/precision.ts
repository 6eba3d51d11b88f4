import { sizeOf, type Shape, type Tensor } from '../tensor/tensor.js';

/** How a model file keeps the weights of its convolutions and matrix products; all else, and all computing, is float32. */
export const PRECISIONS = ['fp32', 'fp16', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];
export type ReducedPrecision = Exclude<Precision, 'fp32'>;

/** What smaller weights change, measured on tunes of fixed noise beside the same network with its weights in float32. */
export interface PrecisionLoss {
  readonly weights: ReducedPrecision;
  readonly tunes: number;
  /** Of all of them. */
  readonly cells: number;
  /** Cells that sound in float32: most of a tune is silence, in which little can change. */
  readonly sounding: number;
  /** Cells that sound in one and not in the other. */
  readonly changed: number;
  /** In the tune that changed most. */
  readonly mostInATune: number;
  /** Of a certainty, 0..1. */
  readonly largestError: number;
}

/** 65,504: what is nearer to the next power of two is infinite. */
export const MAX_FLOAT16 = 65_504;

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
    if (shifted > 0) return sign | shiftRightHalfEven((shifted << 23) | fraction, 13);
    // Subnormal: the leading 1 is written out and moved to where the least exponent puts it.
    return shifted < -10 ? sign : sign | shiftRightHalfEven(0x800000 | fraction, 14 - shifted);
  });
}

/** x / 2 ** places, rounded to the nearest whole number, halves to an even one. */
function shiftRightHalfEven(x: number, places: number): number {
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
const MIN_NORMAL_FLOAT32 = 2 ** -126;
/** 127 of it are float32's largest number or a little less, never infinite. */
const MAX_PICTURE_SCALE = ((2 - 2 ** -22) * 2 ** 127) / 127;

/** Whole numbers and what each channel's are multiplied with. */
export interface QuantizedInt8 {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Symmetric linear quantization by channel: w is nearly value * scale, value in -127..127, scale the channel's largest |w| / 127, as
 * ONNX's QuantizeLinear and DequantizeLinear have it without a zero point (https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html):
 * to the nearest, halves to an even one. No number is off by more than half a scale. A channel of numbers below 127 * 2^-126 is all zeros.
 * @param axis of the channels
 */
export function quantizePerChannel({ shape, data }: Tensor, axis: number): QuantizedInt8 {
  const channelOf = channelIndexAlong(shape, axis);
  const largest = new Float32Array(shape[axis]!);
  data.forEach((w, i) => {
    const channel = channelOf(i);
    largest[channel] = Math.max(largest[channel]!, Math.abs(w));
  });
  const scales = largest.map((most) => (most < 127 * MIN_NORMAL_FLOAT32 ? 1 : Math.min(MAX_PICTURE_SCALE, most / 127)));
  const values = Int8Array.from(data, (w, i) => roundHalfEven(w / scales[channelOf(i)]!));
  return { values, scales };
}

/** The nearest whole number, of two equally near the even one. */
function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}

/** Whole numbers and what is to be added to each channel's. */
export interface OffsetInt8 {
  readonly values: Int8Array;
  readonly offsets: Float32Array;
}

/**
 * Whole numbers in 8 bits without any loss: x = value + offset. A matrix of whole numbers is a table, such as the forms of real tunes, of
 * which a little less is another form. Undefined where a channel's are more than 255 apart, or float32 might lose digits of the sum.
 * @param axis of the channels
 */
export function toOffsetInt8({ shape, data }: Tensor, axis: number): OffsetInt8 | undefined {
  const channelOf = channelIndexAlong(shape, axis);
  const [least, most] = [new Float32Array(shape[axis]!).fill(Infinity), new Float32Array(shape[axis]!).fill(-Infinity)];
  data.forEach((x, i) => {
    const channel = channelOf(i);
    least[channel] = Math.min(least[channel]!, x);
    most[channel] = Math.max(most[channel]!, x);
  });
  const fits = least.every((low, i) => most[i]! - low <= 255 && Math.max(-low, most[i]!) < 2 ** 23);
  if (!fits) return undefined;
  const offsets = least.map((low, i) => (low >= -128 && most[i]! <= 127 ? 0 : low + 128));
  return { values: Int8Array.from(data, (x, i) => x - offsets[channelOf(i)]!), offsets };
}

/** The channel of a number, from its place in the row-major list. */
function channelIndexAlong(shape: Shape, axis: number): (i: number) => number {
  const [channels, inner] = [shape[axis]!, sizeOf(shape.slice(axis + 1))];
  return (i) => Math.floor(i / inner) % channels;
}
