import { add, concat, constant, conv2d, node, reshape, slice, transpose } from '../node-builders.js';
import type { ConvGeometry, Node, OpKind, Ops } from '../op.js';
import { programOutputs, type Program } from '../program.js';
import { outputSize } from '../shape-rules.js';
import { sizeOf, type Tensor } from '../tensor.js';
import { topologicalOrder } from '../topological-order.js';

/**
 * An equal program in which transposed convolutions of constant weights are dense ones, a third of their products' time in
 * inference: no engine has to add up what overlaps, and onnxruntime has its fastest kernels for them.
 *
 * With stride s and a kernel of k s places, each row of the result meets k places of the kernel in each direction. So the
 * rows of each remainder r mod s are one convolution. All remainders of columns meet the same inputs when no padding is cut off
 * first, so they are channels of it, in the order in which they lie beside each other: with channels last the columns need not be
 * moved, only cut. What is done cell by cell afterwards, such as a bias, is done before rows and columns are put together.
 *
 * Those of fewer than 8 channels, or not in eights, stay as they are: measured, those are slower dense.
 */
export function decomposeTransposedConvolutions(program: Program): Program {
  const rewritten = decomposeGraph(programOutputs(program));
  return {
    ...program,
    metrics: program.metrics.map((metric) => ({ ...metric, node: rewritten(metric.node) })),
    state: program.state.map((slot) => ({ ...slot, next: rewritten(slot.next) })),
  };
}

/** Part r holds the rows of remainder r: [batch, stride * channels, rows / stride, places], remainders of columns outermost in the channels. */
interface PhaseParts {
  readonly parts: readonly Node[];
  readonly stride: number;
  /** Of the columns side by side, where those of the result begin. */
  readonly left: number;
  readonly columns: number;
}

const CHANNEL_MULTIPLE = 8;

function decomposeGraph(roots: readonly Node[]): (original: Node) => Node {
  const whole = new Map<Node, Node>();
  const apart = new Map<Node, PhaseParts>();
  const valueOf = (original: Node): Node => {
    const known = whole.get(original) ?? interleavePhases(apart.get(original)!);
    whole.set(original, known);
    return known;
  };
  for (const original of topologicalOrder(roots)) {
    const before = original.inputs[0] && apart.get(original.inputs[0]);
    const split = decomposeConvolution(original, valueOf) ?? (before && applyElementwise(original, before));
    if (split !== undefined) {
      apart.set(original, split);
      continue;
    }
    const inputs = original.inputs.map(valueOf);
    const changed = inputs.some((value, i) => value !== original.inputs[i]);
    const rebuilt = changed ? node(original.op, inputs as Ops[OpKind]['inputs'], original.params) : original;
    whole.set(original, rebuilt as Node);
  }
  return valueOf;
}

function decomposeConvolution(original: Node, valueOf: (original: Node) => Node): PhaseParts | undefined {
  if (original.op !== 'conv2dInputGradient') return undefined;
  const { params: geometry, inputs } = original;
  const [y, w] = inputs;
  const slides = Array.from({ length: geometry.stride[0] }, (_, remainder) => phaseRows(geometry, remainder));
  if (
    w.op !== 'constant' ||
    w.shape[1]! % CHANNEL_MULTIPLE !== 0 ||
    !isDecomposable(geometry) ||
    slides.includes(undefined)
  )
    return undefined;
  const [x, weights] = [valueOf(y), w.params.value];
  const [stride, kernel] = [geometry.stride[1], geometry.kernel[1] / geometry.stride[1]];
  const parts = slides.map((slide) => {
    const { first, rows, above, below } = slide!;
    return conv2d(x, constant(phaseWeights(weights, geometry, first)), {
      inputSize: outputSize(geometry),
      kernel: [rows, kernel],
      stride: [1, 1],
      padding: [above, kernel - 1, below, kernel - 1],
    });
  });
  return { parts, stride, left: geometry.padding[1], columns: geometry.inputSize[1] };
}

/** Whole strides to the kernel and the rows, and no column of the result that nothing reaches. */
function isDecomposable({ kernel, stride, inputSize, padding, ...rest }: ConvGeometry): boolean {
  const [, places] = outputSize({ kernel, stride, inputSize, padding, ...rest });
  return (
    kernel[0] % stride[0] === 0 &&
    kernel[1] % stride[1] === 0 &&
    inputSize[0] % stride[0] === 0 &&
    padding[1] + inputSize[1] <= (places - 1) * stride[1] + kernel[1]
  );
}

/**
 * How the rows of one remainder slide over y: the first row of the kernel that they meet, how many they meet, and the zeros above and
 * below y. Undefined when that needs fewer rows of y than there are.
 */
export function phaseRows({ inputSize, kernel, stride, padding, ...rest }: ConvGeometry, remainder: number) {
  const rows = kernel[0] / stride[0];
  const above = rows - 1 - Math.floor((remainder + padding[0]) / stride[0]);
  const [places] = outputSize({ inputSize, kernel, stride, padding, ...rest });
  const below = inputSize[0] / stride[0] - 1 + rows - above - places;
  return above < 0 || below < 0 ? undefined : { first: (remainder + padding[0]) % stride[0], rows, above, below };
}

/** Places in a kernel that the columns of one remainder meet, in the order in which they meet y: every stride-th from the last to the first. */
export function phaseTaps({ stride, kernel }: ConvGeometry, first: number, remainder: number): readonly number[] {
  const taps: number[] = [];
  for (let row = kernel[0] / stride[0] - 1; row >= 0; row--) {
    for (let column = kernel[1] / stride[1] - 1; column >= 0; column--) {
      taps.push((first + row * stride[0]) * kernel[1] + remainder + column * stride[1]);
    }
  }
  return taps;
}

/** [o, i, rows, columns] -> [stride * i, o, rows / stride, columns / stride]: the rows beginning at `first`, the columns at each remainder in turn. */
function phaseWeights({ shape, data }: Tensor, geometry: ConvGeometry, first: number): Tensor {
  const { stride, kernel } = geometry;
  const [outputs, inputs] = shape as readonly [number, number];
  const [rows, columns] = [kernel[0] / stride[0], kernel[1] / stride[1]];
  const turned = new Float32Array(stride[1] * inputs * outputs * rows * columns);
  let at = 0;
  for (let remainder = 0; remainder < stride[1]; remainder++) {
    const taps = phaseTaps(geometry, first, remainder);
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        const from = (o * inputs + i) * kernel[0] * kernel[1];
        for (let tap = 0; tap < taps.length; tap++) turned[at++] = data[from + taps[tap]!]!;
      }
    }
  }
  return { shape: [stride[1] * inputs, outputs, rows, columns], data: turned };
}

/** The same operation on each part, when it knows nothing of rows and columns. */
function applyElementwise(original: Node, before: PhaseParts): PhaseParts | undefined {
  const { op } = original;
  if (op === 'leakyRelu') {
    return { ...before, parts: before.parts.map((part) => node(op, [part], original.params) as Node) };
  }
  const bias = op === 'add' ? channelConstant(original.inputs[1]) : undefined;
  if (bias === undefined) return undefined;
  const shape = [1, before.stride * bias.length, 1, 1];
  const data = Float32Array.from({ length: shape[1]! }, (_, channel) => bias[channel % bias.length]!);
  return { ...before, parts: before.parts.map((part) => add(part, constant({ shape, data }))) };
}

/** The numbers of a constant [1, channels, 1, 1], also of one that is given that shape. */
function channelConstant(operand: Node): Float32Array | undefined {
  const source = operand.op === 'reshape' ? operand.inputs[0] : operand;
  const isOneEach = operand.shape.length === 4 && operand.shape[1] === sizeOf(operand.shape);
  return isOneEach && source.op === 'constant' ? source.params.value.data : undefined;
}

/** Rows and columns in their order: [batch, channels, rows, columns]. */
function interleavePhases({ parts, stride, left, columns }: PhaseParts): Node {
  const [batch, together, height, places] = parts[0]!.shape as readonly [number, number, number, number];
  const channels = together / stride;
  const lines = parts.map((part) => reshape(transpose(part, [0, 2, 3, 1]), [batch, height, places * together]));
  const rows = parts.length * height;
  const all = reshape(concat(lines, 2), [batch, rows, places * stride, channels]);
  return transpose(slice(all, [0, 0, left, 0], [batch, rows, left + columns, channels]), [0, 3, 1, 2]);
}
