import { add, constant, conv2dInputGradient, leakyRelu, reshape } from '../node-builders.js';
import { phaseRows, phaseTaps } from './decompose-transposed-convolutions.js';
import type { ConvGeometry, Node, Pair } from '../op.js';
import type { Program } from '../program.js';
import { rewriteProgram } from './rewrite.js';
import { outputSize } from '../shape-rules.js';
import { sameShape, type Tensor } from '../tensor.js';

/**
 * The inverse of `decomposeTransposedConvolutions`: an equal program in which every polyphase decomposition is a
 * transposed convolution again, for engines that compute those faster.
 */
export const restoreTransposedConvolutions = (program: Program): Program =>
  rewriteProgram(program, (node) => restoreConvolution(node) ?? node);

/** The convolution of one row phase and the elementwise operations on its result. */
interface PhaseConvolution {
  readonly convolution: Node<'conv2d'>;
  readonly weights: Tensor;
  /** In the order in which they are applied. */
  readonly elementwise: readonly Node<'add' | 'leakyRelu'>[];
}

/** The transposed convolution, with bias and LeakyReLU, that became `result`; undefined for other nodes. */
function restoreConvolution(result: Node): Node | undefined {
  const found = matchInterleaving(result);
  if (found === undefined) return undefined;
  const { parts, left, channels } = found;
  const [, , height, width] = result.shape as readonly [number, number, number, number];
  const [{ convolution, elementwise }] = parts as [PhaseConvolution];
  const stride: Pair = [parts.length, convolution.shape[1]! / channels];
  const geometry = restoreGeometry(parts, stride, [height, width], left);
  if (geometry === undefined) return undefined;
  const weights = transposedWeights(parts, geometry, channels);
  let restored: Node = conv2dInputGradient(convolution.inputs[0], constant(weights), geometry);
  for (const operation of elementwise) {
    if (operation.op === 'leakyRelu') restored = leakyRelu(restored, operation.params.slope);
    else {
      const bias = channelBias(operation, channels);
      if (bias === undefined) return undefined;
      restored = add(restored, reshape(constant({ shape: [channels], data: bias }), [1, channels, 1, 1]));
    }
  }
  return restored;
}

/** Matches the nodes of `interleavePhases`: transpose(slice(reshape(concat(lines of each row phase)))). */
function matchInterleaving(result: Node) {
  const cropped = isTransposed(result, [0, 3, 1, 2]) ? result.inputs[0] : undefined;
  const full = cropped?.op === 'slice' ? cropped.inputs[0] : undefined;
  const lines = full?.op === 'reshape' ? full.inputs[0] : undefined;
  if (cropped?.op !== 'slice' || full === undefined || lines?.op !== 'concat' || lines.params.axis !== 2)
    return undefined;
  const parts = lines.inputs.map(matchPhase);
  if (!parts.every((part) => part !== undefined) || !areSamePhases(parts)) return undefined;
  const [batch, phaseChannels, rows, width] = parts[0]!.convolution.shape as readonly [number, number, number, number];
  const channels = result.shape[1]!;
  const fullShape = [batch, parts.length * rows, (width * phaseChannels) / channels, channels];
  const fits =
    sameShape(lines.shape, [batch, rows, parts.length * width * phaseChannels]) &&
    sameShape(full.shape, fullShape) &&
    sameShape(cropped.shape, [batch, fullShape[1]!, result.shape[3]!, channels]);
  return fits ? { parts, left: cropped.params.starts[2]!, channels } : undefined;
}

const isTransposed = (node: Node, permutation: readonly number[]): node is Node<'transpose'> =>
  node.op === 'transpose' && sameShape(node.params.permutation, permutation);

/** Matches one row phase: reshape(transpose to channels last(elementwise(conv2d with constant weights))). */
function matchPhase(line: Node): PhaseConvolution | undefined {
  const transposed = line.op === 'reshape' ? line.inputs[0] : undefined;
  if (transposed === undefined || !isTransposed(transposed, [0, 2, 3, 1])) return undefined;
  const elementwise: Node<'add' | 'leakyRelu'>[] = [];
  let at: Node = transposed.inputs[0];
  for (; at.op === 'add' || at.op === 'leakyRelu'; at = at.inputs[0]) elementwise.unshift(at);
  if (at.op !== 'conv2d' || !sameShape(at.params.stride, [1, 1])) return undefined;
  const [, weights] = at.inputs;
  return weights.op === 'constant' ? { convolution: at, weights: weights.params.value, elementwise } : undefined;
}

/** Whether all phases read the same input, have the same shapes, and are followed by the same operations. */
function areSamePhases([first, ...others]: readonly PhaseConvolution[]): boolean {
  return others.every(
    ({ convolution, elementwise }) =>
      convolution.inputs[0] === first!.convolution.inputs[0] &&
      sameShape(convolution.shape, first!.convolution.shape) &&
      sameShape(convolution.params.kernel, first!.convolution.params.kernel) &&
      elementwise.length === first!.elementwise.length &&
      elementwise.every((operation, i) => isSameElementwise(operation, first!.elementwise[i]!)),
  );
}

function isSameElementwise(a: Node<'add' | 'leakyRelu'>, b: Node<'add' | 'leakyRelu'>): boolean {
  if (a.op === 'leakyRelu' || b.op === 'leakyRelu') {
    return a.op === 'leakyRelu' && b.op === 'leakyRelu' && a.params.slope === b.params.slope;
  }
  const [one, other] = [a.inputs[1], b.inputs[1]];
  if (one.op !== 'constant' || other.op !== 'constant' || !sameShape(one.shape, other.shape)) return false;
  const { data } = other.params.value;
  return one.params.value.data.every((number, i) => number === data[i]);
}

/**
 * Solves the equations of `phaseRows` for the geometry of the transposed convolution. Its top padding follows from the
 * padding above the first phase and from the first phase that has less. Undefined when no geometry gives these phases.
 */
function restoreGeometry(
  parts: readonly PhaseConvolution[],
  stride: Pair,
  inputSize: Pair,
  left: number,
): ConvGeometry | undefined {
  const phases = parts.map(({ convolution }) => convolution.params);
  const [rows, columns] = phases[0]!.kernel;
  const ySize = phases[0]!.inputSize;
  const above = phases.map(({ padding }) => padding[0]);
  const firstWithLess = above.findIndex((count) => count < above[0]!);
  const top = stride[0] * (rows - 1 - above[0]!) + (firstWithLess < 0 ? 0 : stride[0] - firstWithLess);
  const kernel: Pair = [rows * stride[0], columns * stride[1]];
  const paddingAfter = (axis: 0 | 1, before: number): number =>
    (ySize[axis] - 1) * stride[axis] + kernel[axis] - inputSize[axis] - before;
  const padding = [top, left, paddingAfter(0, top), paddingAfter(1, left)] as const;
  const geometry = { inputSize, kernel, stride, padding };
  const fits =
    Number.isInteger(stride[1]) &&
    geometry.padding.every((zeros) => zeros >= 0) &&
    sameShape(outputSize(geometry), ySize) &&
    phases.every((own, phase) => {
      const expected = phaseRows(geometry, phase);
      return (
        expected !== undefined && sameShape(own.padding, [expected.above, columns - 1, expected.below, columns - 1])
      );
    });
  return fits ? geometry : undefined;
}

/** The inverse of `phaseWeights`: the parts' weights to one kernel [o, i, rows, columns]. */
function transposedWeights(parts: readonly PhaseConvolution[], geometry: ConvGeometry, inputs: number): Tensor {
  const { kernel, stride } = geometry;
  const outputs = parts[0]!.weights.shape[1]!;
  const data = new Float32Array(outputs * inputs * kernel[0] * kernel[1]);
  for (const [phase, { weights }] of parts.entries()) {
    const { first } = phaseRows(geometry, phase)!;
    for (let columnPhase = 0; columnPhase < stride[1]; columnPhase++) {
      const taps = phaseTaps(geometry, first, columnPhase);
      scatter(weights.data, columnPhase * inputs * outputs * taps.length, data, taps, [outputs, inputs]);
    }
  }
  return { shape: [outputs, inputs, ...kernel], data };
}

/** Copies the weights [i, o, taps] of one phase, which begin at `at`, to their taps of the kernels [o, i, ...]. */
function scatter(
  phase: Float32Array,
  at: number,
  kernels: Float32Array,
  taps: readonly number[],
  [outputs, inputs]: Pair,
): void {
  const size = kernels.length / (outputs * inputs);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      const [from, to] = [at + (i * outputs + o) * taps.length, (o * inputs + i) * size];
      for (let tap = 0; tap < taps.length; tap++) kernels[to + taps[tap]!] = phase[from + tap]!;
    }
  }
}

/** The bias of each channel, when the added constant has the same one for all column phases; undefined otherwise. */
function channelBias({ inputs: [, bias] }: Node<'add'>, channels: number): Float32Array | undefined {
  if (bias.op !== 'constant' || bias.shape.length !== 4) return undefined;
  const { data } = bias.params.value;
  if (bias.shape[1] !== data.length || data.length % channels !== 0) return undefined;
  return data.every((number, i) => number === data[i % channels]) ? data.slice(0, channels) : undefined;
}
