import { add, constant, conv2dInputGradient, leakyRelu, reshape } from '../node-builders.js';
import { phaseRows, phaseTaps } from './decompose-transposed-convolutions.js';
import type { ConvGeometry, Node, Pair } from '../op.js';
import type { Program } from '../program.js';
import { rewriteProgram } from './rewrite.js';
import { outputSize } from '../shape-rules.js';
import { sameShape, type Tensor } from '../tensor.js';

/**
 * The inverse of `decomposeTransposedConvolutions`: an equal program in which what that made of transposed convolutions are transposed
 * convolutions again, for engines that have a better way to write those.
 */
export const restoreTransposedConvolutions = (program: Program): Program =>
  rewriteProgram(program, (node) => restoreConvolution(node) ?? node);

/** One of the dense convolutions, which draws every `parts.length`-th row, and what is done to its result cell by cell. */
interface PhaseConvolution {
  readonly convolution: Node<'conv2d'>;
  readonly weights: Tensor;
  /** From the first to the last. */
  readonly after: readonly Node<'add' | 'leakyRelu'>[];
}

/** A result that `decomposeTransposedConvolutions` put together from its rows and columns, as the transposed convolution that it was. */
function restoreConvolution(result: Node): Node | undefined {
  const found = matchInterleaving(result);
  if (found === undefined) return undefined;
  const { parts, left, channels } = found;
  const [, , height, width] = result.shape as readonly [number, number, number, number];
  const [{ convolution, after }] = parts as [PhaseConvolution];
  const stride: Pair = [parts.length, convolution.shape[1]! / channels];
  const geometry = restoreGeometry(parts, stride, [height, width], left);
  if (geometry === undefined) return undefined;
  const weights = transposedWeights(parts, geometry, channels);
  let drawn: Node = conv2dInputGradient(convolution.inputs[0], constant(weights), geometry);
  for (const step of after) {
    if (step.op === 'leakyRelu') drawn = leakyRelu(drawn, step.params.slope);
    else {
      const bias = channelBias(step, channels);
      if (bias === undefined) return undefined;
      drawn = add(drawn, reshape(constant({ shape: [channels], data: bias }), [1, channels, 1, 1]));
    }
  }
  return drawn;
}

/** What was put together: lines of the parts by turns, with channels last, of whose columns those from `left` on are the result's. */
function matchInterleaving(result: Node) {
  const cut = isTransposed(result, [0, 3, 1, 2]) ? result.inputs[0] : undefined;
  const all = cut?.op === 'slice' ? cut.inputs[0] : undefined;
  const lines = all?.op === 'reshape' ? all.inputs[0] : undefined;
  if (cut?.op !== 'slice' || all === undefined || lines?.op !== 'concat' || lines.params.axis !== 2) return undefined;
  const parts = lines.inputs.map(matchPhase);
  if (!parts.every((part) => part !== undefined) || !areSamePhases(parts)) return undefined;
  const [batch, together, rows, places] = parts[0]!.convolution.shape as readonly [number, number, number, number];
  const channels = result.shape[1]!;
  const whole = [batch, parts.length * rows, (places * together) / channels, channels];
  const isWhole =
    sameShape(lines.shape, [batch, rows, parts.length * places * together]) &&
    sameShape(all.shape, whole) &&
    sameShape(cut.shape, [batch, whole[1]!, result.shape[3]!, channels]);
  return isWhole ? { parts, left: cut.params.starts[2]!, channels } : undefined;
}

const isTransposed = (node: Node, order: readonly number[]): node is Node<'transpose'> =>
  node.op === 'transpose' && sameShape(node.params.permutation, order);

/** The rows of one remainder, with their channels last and a line for each of them. */
function matchPhase(line: Node): PhaseConvolution | undefined {
  const turned = line.op === 'reshape' ? line.inputs[0] : undefined;
  if (turned === undefined || !isTransposed(turned, [0, 2, 3, 1])) return undefined;
  const after: Node<'add' | 'leakyRelu'>[] = [];
  let at: Node = turned.inputs[0];
  for (; at.op === 'add' || at.op === 'leakyRelu'; at = at.inputs[0]) after.unshift(at);
  if (at.op !== 'conv2d' || !sameShape(at.params.stride, [1, 1])) return undefined;
  const [, weights] = at.inputs;
  return weights.op === 'constant' ? { convolution: at, weights: weights.params.value, after } : undefined;
}

/** Whether all draw the same picture and do the same to it. */
function areSamePhases([first, ...others]: readonly PhaseConvolution[]): boolean {
  return others.every(
    ({ convolution, after }) =>
      convolution.inputs[0] === first!.convolution.inputs[0] &&
      sameShape(convolution.shape, first!.convolution.shape) &&
      sameShape(convolution.params.kernel, first!.convolution.params.kernel) &&
      after.length === first!.after.length &&
      after.every((step, i) => isSameStep(step, first!.after[i]!)),
  );
}

function isSameStep(a: PhaseConvolution['after'][number], b: PhaseConvolution['after'][number]): boolean {
  if (a.op === 'leakyRelu' || b.op === 'leakyRelu') {
    return a.op === 'leakyRelu' && b.op === 'leakyRelu' && a.params.slope === b.params.slope;
  }
  const [one, other] = [a.inputs[1], b.inputs[1]];
  if (one.op !== 'constant' || other.op !== 'constant' || !sameShape(one.shape, other.shape)) return false;
  const { data } = other.params.value;
  return one.params.value.data.every((number, i) => number === data[i]);
}

/**
 * How the transposed convolution slides: see `phaseRows`, by which the padding at the top is told by the zeros above the first part and by where
 * they become fewer. Undefined when no such convolution makes these parts.
 */
function restoreGeometry(
  parts: readonly PhaseConvolution[],
  stride: Pair,
  inputSize: Pair,
  left: number,
): ConvGeometry | undefined {
  const slides = parts.map(({ convolution }) => convolution.params);
  const [rows, columns] = slides[0]!.kernel;
  const places = slides[0]!.inputSize;
  const above = slides.map(({ padding }) => padding[0]);
  const fewer = above.findIndex((count) => count < above[0]!);
  const top = stride[0] * (rows - 1 - above[0]!) + (fewer < 0 ? 0 : stride[0] - fewer);
  const kernel: Pair = [rows * stride[0], columns * stride[1]];
  const rest = (axis: 0 | 1, before: number): number =>
    (places[axis] - 1) * stride[axis] + kernel[axis] - inputSize[axis] - before;
  const geometry = { inputSize, kernel, stride, padding: [top, left, rest(0, top), rest(1, left)] as const };
  const fits =
    Number.isInteger(stride[1]) &&
    geometry.padding.every((zeros) => zeros >= 0) &&
    sameShape(outputSize(geometry), places) &&
    slides.every(({ padding }, remainder) => {
      const slide = phaseRows(geometry, remainder);
      return slide !== undefined && sameShape(padding, [slide.above, columns - 1, slide.below, columns - 1]);
    });
  return fits ? geometry : undefined;
}

/** [stride * i, o, rows / stride, columns / stride] of each part -> [o, i, rows, columns]: the inverse of `denseWeights`. */
function transposedWeights(parts: readonly PhaseConvolution[], geometry: ConvGeometry, inputs: number): Tensor {
  const { kernel, stride } = geometry;
  const outputs = parts[0]!.weights.shape[1]!;
  const data = new Float32Array(outputs * inputs * kernel[0] * kernel[1]);
  for (const [part, { weights }] of parts.entries()) {
    const { first } = phaseRows(geometry, part)!;
    for (let remainder = 0; remainder < stride[1]; remainder++) {
      const taps = phaseTaps(geometry, first, remainder);
      scatter(weights.data, remainder * inputs * outputs * taps.length, data, taps, [outputs, inputs]);
    }
  }
  return { shape: [outputs, inputs, ...kernel], data };
}

/** From dense [i, o, taps], beginning at `at`, to the kernels [o, i, ...]. */
function scatter(
  dense: Float32Array,
  at: number,
  kernels: Float32Array,
  taps: readonly number[],
  [outputs, inputs]: Pair,
): void {
  const size = kernels.length / (outputs * inputs);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      const [from, to] = [at + (i * outputs + o) * taps.length, (o * inputs + i) * size];
      for (let tap = 0; tap < taps.length; tap++) kernels[to + taps[tap]!] = dense[from + tap]!;
    }
  }
}

/** The number of each channel, when what is added has that number for all remainders of its columns. */
function channelBias({ inputs: [, added] }: Node<'add'>, channels: number): Float32Array | undefined {
  if (added.op !== 'constant' || added.shape.length !== 4) return undefined;
  const { data } = added.params.value;
  if (added.shape[1] !== data.length || data.length % channels !== 0) return undefined;
  return data.every((number, i) => number === data[i % channels]) ? data.slice(0, channels) : undefined;
}
