import { add, concat, constant, conv2d, node, reshape, slice, transpose } from '../node-builders.js';
import type { ConvGeometry, Node, OpKind, Ops } from '../op.js';
import { programOutputs, type Program } from '../program.js';
import { outputSize } from '../shape-rules.js';
import { sizeOf, type Tensor } from '../tensor.js';
import { topologicalOrder } from '../topological-order.js';

/**
 * An equal program whose transposed convolutions with constant weights are polyphase decompositions: ordinary
 * convolutions whose outputs are interleaved (sub-pixel convolution, Shi et al. 2016), in a third of the time.
 *
 * With stride s and kernel size k s, output rows of phase r (row mod s) depend on k kernel rows: one convolution of
 * stride 1 for each row phase, with the column phases as its channels. See docs/adr/0011.
 */
export function decomposeTransposedConvolutions(program: Program): Program {
  const rewritten = decomposeGraph(programOutputs(program));
  return {
    ...program,
    metrics: program.metrics.map((metric) => ({ ...metric, node: rewritten(metric.node) })),
    state: program.state.map((slot) => ({ ...slot, next: rewritten(slot.next) })),
  };
}

/** A result that is not interleaved yet. Elementwise operations are applied to its parts. */
interface PhaseParts {
  /** For each row phase [batch, column phases * channels, rows / stride, columns of y with full padding]. */
  readonly parts: readonly Node[];
  /** Column stride: the number of column phases. */
  readonly stride: number;
  /** The interleaved columns that the result keeps: `columns` of them from `left` on. */
  readonly left: number;
  readonly columns: number;
}

/** Convolutions with other numbers of channels stay as they are: measured, their decomposition is slower. */
const CHANNEL_MULTIPLE = 8;

function decomposeGraph(roots: readonly Node[]): (original: Node) => Node {
  const rewritten = new Map<Node, Node>();
  const decomposed = new Map<Node, PhaseParts>();
  const valueOf = (original: Node): Node => {
    const known = rewritten.get(original) ?? interleavePhases(decomposed.get(original)!);
    rewritten.set(original, known);
    return known;
  };
  for (const original of topologicalOrder(roots)) {
    const input = original.inputs[0] && decomposed.get(original.inputs[0]);
    const phases = decomposeConvolution(original, valueOf) ?? (input && applyElementwise(original, input));
    if (phases !== undefined) {
      decomposed.set(original, phases);
      continue;
    }
    const inputs = original.inputs.map(valueOf);
    const changed = inputs.some((value, i) => value !== original.inputs[i]);
    const rebuilt = changed ? node(original.op, inputs as Ops[OpKind]['inputs'], original.params) : original;
    rewritten.set(original, rebuilt as Node);
  }
  return valueOf;
}

function decomposeConvolution(original: Node, valueOf: (original: Node) => Node): PhaseParts | undefined {
  if (original.op !== 'conv2dInputGradient') return undefined;
  const { params: geometry, inputs } = original;
  const [y, w] = inputs;
  const rowPhases = Array.from({ length: geometry.stride[0] }, (_, phase) => phaseRows(geometry, phase));
  if (
    w.op !== 'constant' ||
    w.shape[1]! % CHANNEL_MULTIPLE !== 0 ||
    !isDecomposable(geometry) ||
    rowPhases.includes(undefined)
  )
    return undefined;
  const [x, weights] = [valueOf(y), w.params.value];
  const [stride, kernel] = [geometry.stride[1], geometry.kernel[1] / geometry.stride[1]];
  const parts = rowPhases.map((rowPhase) => {
    const { first, rows, above, below } = rowPhase!;
    return conv2d(x, constant(phaseWeights(weights, geometry, first)), {
      inputSize: outputSize(geometry),
      kernel: [rows, kernel],
      stride: [1, 1],
      padding: [above, kernel - 1, below, kernel - 1],
    });
  });
  return { parts, stride, left: geometry.padding[1], columns: geometry.inputSize[1] };
}

/** Whether the strides divide the kernel and the rows, and every column of the result depends on a column of y. */
function isDecomposable({ kernel, stride, inputSize, padding, ...rest }: ConvGeometry): boolean {
  const [, width] = outputSize({ kernel, stride, inputSize, padding, ...rest });
  return (
    kernel[0] % stride[0] === 0 &&
    kernel[1] % stride[1] === 0 &&
    inputSize[0] % stride[0] === 0 &&
    padding[1] + inputSize[1] <= (width - 1) * stride[1] + kernel[1]
  );
}

/**
 * The convolution of one row phase over y: its first kernel row, its number of kernel rows, and the padding above and
 * below y. Undefined when it would need negative padding.
 */
export function phaseRows({ inputSize, kernel, stride, padding, ...rest }: ConvGeometry, phase: number) {
  const rows = kernel[0] / stride[0];
  const above = rows - 1 - Math.floor((phase + padding[0]) / stride[0]);
  const [height] = outputSize({ inputSize, kernel, stride, padding, ...rest });
  const below = inputSize[0] / stride[0] - 1 + rows - above - height;
  return above < 0 || below < 0 ? undefined : { first: (phase + padding[0]) % stride[0], rows, above, below };
}

/**
 * Flat indices in the kernel of the taps of one row and column phase: every stride-th, flipped, because a transposed
 * convolution meets y from the last tap to the first.
 * @param first kernel row of the row phase, see `phaseRows`
 */
export function phaseTaps({ stride, kernel }: ConvGeometry, first: number, columnPhase: number): readonly number[] {
  const taps: number[] = [];
  for (let row = kernel[0] / stride[0] - 1; row >= 0; row--) {
    for (let column = kernel[1] / stride[1] - 1; column >= 0; column--) {
      taps.push((first + row * stride[0]) * kernel[1] + columnPhase + column * stride[1]);
    }
  }
  return taps;
}

/** The weights of one row phase: [o, i, rows, columns] -> [column phases * i, o, rows / stride, columns / stride]. */
function phaseWeights({ shape, data }: Tensor, geometry: ConvGeometry, first: number): Tensor {
  const { stride, kernel } = geometry;
  const [outputs, inputs] = shape as readonly [number, number];
  const [rows, columns] = [kernel[0] / stride[0], kernel[1] / stride[1]];
  const weights = new Float32Array(stride[1] * inputs * outputs * rows * columns);
  let at = 0;
  for (let columnPhase = 0; columnPhase < stride[1]; columnPhase++) {
    const taps = phaseTaps(geometry, first, columnPhase);
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        const from = (o * inputs + i) * kernel[0] * kernel[1];
        for (let tap = 0; tap < taps.length; tap++) weights[at++] = data[from + taps[tap]!]!;
      }
    }
  }
  return { shape: [stride[1] * inputs, outputs, rows, columns], data: weights };
}

/** Applies a LeakyReLU or a bias per channel to each part; undefined for any other operation. */
function applyElementwise(original: Node, phases: PhaseParts): PhaseParts | undefined {
  const { op } = original;
  if (op === 'leakyRelu') {
    return { ...phases, parts: phases.parts.map((part) => node(op, [part], original.params) as Node) };
  }
  const bias = op === 'add' ? channelConstant(original.inputs[1]) : undefined;
  if (bias === undefined) return undefined;
  const shape = [1, phases.stride * bias.length, 1, 1];
  const data = Float32Array.from({ length: shape[1]! }, (_, channel) => bias[channel % bias.length]!);
  return { ...phases, parts: phases.parts.map((part) => add(part, constant({ shape, data }))) };
}

/** The values of a constant of shape [1, channels, 1, 1], which may be a reshaped one. */
function channelConstant(operand: Node): Float32Array | undefined {
  const source = operand.op === 'reshape' ? operand.inputs[0] : operand;
  const isPerChannel = operand.shape.length === 4 && operand.shape[1] === sizeOf(operand.shape);
  return isPerChannel && source.op === 'constant' ? source.params.value.data : undefined;
}

/** Puts the row and column phases in order and crops the padding: [batch, channels, rows, columns]. */
function interleavePhases({ parts, stride, left, columns }: PhaseParts): Node {
  const [batch, phaseChannels, height, width] = parts[0]!.shape as readonly [number, number, number, number];
  const channels = phaseChannels / stride;
  const lines = parts.map((part) => reshape(transpose(part, [0, 2, 3, 1]), [batch, height, width * phaseChannels]));
  const rows = parts.length * height;
  const all = reshape(concat(lines, 2), [batch, rows, width * stride, channels]);
  return transpose(slice(all, [0, 0, left, 0], [batch, rows, left + columns, channels]), [0, 3, 1, 2]);
}
