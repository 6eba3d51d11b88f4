import type { ConvGeometry, Node, OpKind } from '../../domain/tensor/op.js';
import { outputSize } from '../../domain/tensor/shape.js';
import type { GraphBuilder } from './graph-builder.js';
import { float, int, ints } from './onnx-graph.js';

/** Writes one operation as ONNX nodes; returns the name of its value. */
type Lowering<K extends OpKind> = (node: Node<K>, inputs: readonly string[], builder: GraphBuilder) => string;

const as =
  <K extends OpKind>(op: string): Lowering<K> =>
  (_node, inputs, builder) =>
    builder.add(op, inputs);

const compare =
  <K extends 'greater' | 'greaterOrEqual'>(op: string): Lowering<K> =>
  (_node, inputs, builder) =>
    builder.add('Cast', [builder.add(op, inputs)], { to: int(FLOAT) });

/** TensorProto.DataType */
const FLOAT = 1;
const BOOL = 9;

/** A float32 so large that its product with any normal number above 0 (1.2e-38 or more) is over 1. */
const STEEP = 3e38;

export const lowerings: { readonly [K in OpKind]: Lowering<K> } = {
  input: ({ params: { name } }) => name,
  constant: ({ shape, params: { value } }, _inputs, builder) =>
    shape.length === 0 ? builder.float(value.data[0]!) : builder.tensor(shape, value.data),

  add: as('Add'),
  subtract: as('Sub'),
  multiply: as('Mul'),
  divide: as('Div'),

  exp: as('Exp'),
  log: as('Log'),
  sqrt: as('Sqrt'),
  tanh: as('Tanh'),
  sigmoid: (_node, inputs, builder) => sigmoid(inputs[0]!, builder),
  softplus: (_node, inputs, builder) => softplus(inputs[0]!, builder),
  leakyRelu: ({ params: { slope } }, inputs, builder) => builder.add('LeakyRelu', inputs, { alpha: float(slope) }),
  // A clip of a steep line: onnxruntime's Greater and Where take twelve times as long.
  leakyReluSlope: ({ params: { slope } }, [x], builder) =>
    builder.add('Clip', [builder.add('Mul', [x!, builder.float(STEEP)]), builder.float(slope), builder.float(1)]),

  greater: compare('Greater'),
  greaterOrEqual: compare('GreaterOrEqual'),
  select: (_node, [condition, yes, no], builder) =>
    builder.add('Where', [builder.add('Cast', [condition!], { to: int(BOOL) }), yes!, no!]),

  sum: ({ params: { axes } }, [x], builder) =>
    builder.add('ReduceSum', [x!, builder.ints(axes)], { keepdims: int(1), noop_with_empty_axes: int(1) }),
  max: ({ params: { axes } }, [x], builder) =>
    axes.length === 0 ? x! : builder.add('ReduceMax', [x!], { axes: ints(axes), keepdims: int(1) }),

  broadcast: ({ shape }, [x], builder) => builder.add('Expand', [x!, builder.ints(shape)]),
  reshape: ({ shape }, [x], builder) => builder.add('Reshape', [x!, builder.ints(shape)]),
  transpose: ({ params: { permutation } }, inputs, builder) =>
    builder.add('Transpose', inputs, { perm: ints(permutation) }),
  slice: ({ params: { starts, ends } }, [x], builder) =>
    builder.add('Slice', [x!, builder.ints(starts), builder.ints(ends)]),
  pad: ({ params: { before, after } }, [x], builder) => builder.add('Pad', [x!, builder.ints([...before, ...after])]),
  concat: ({ params: { axis } }, inputs, builder) => builder.add('Concat', inputs, { axis: int(axis) }),

  matmul: ({ inputs: [a, b], params: { transposeA, transposeB } }, [left, right], builder) => {
    if (a.shape.length === 2) {
      return builder.add('Gemm', [left!, right!], { transA: int(Number(transposeA)), transB: int(Number(transposeB)) });
    }
    const swap = (name: string, rank: number, transposed: boolean): string =>
      transposed ? builder.add('Transpose', [name], { perm: ints(lastTwoSwapped(rank)) }) : name;
    return builder.add('MatMul', [swap(left!, a.shape.length, transposeA), swap(right!, b.shape.length, transposeB)]);
  },
  conv2d: ({ params: { kernel, stride, padding } }, inputs, builder) =>
    builder.add('Conv', inputs, { kernel_shape: ints(kernel), strides: ints(stride), pads: ints(padding) }),
  conv2dInputGradient: ({ params }, inputs, builder) =>
    builder.add('ConvTranspose', inputs, {
      kernel_shape: ints(params.kernel),
      strides: ints(params.stride),
      pads: ints(params.padding),
      output_padding: ints(remainder(params)),
    }),
  // The batch is summed over, so it takes the place of the channels: x [i, n, h, w] under a kernel y [o, n, v, u].
  conv2dWeightGradient: (node, [x, y], builder) =>
    isOneRowHigh(node.params) ? rowWeightGradient(node, x!, y!, builder) : weightGradient(node, x!, y!, builder),

  stopGradient: (_node, [x]) => x!,
};

const isOneRowHigh = ({ inputSize, kernel, padding }: ConvGeometry): boolean =>
  inputSize[0] === 1 && kernel[0] === 1 && padding[0] === 0 && padding[2] === 0;

/**
 * Along one row, each place of the kernel is a product of matrices over batch and columns: w[:, :, k] = Y X_kᵀ with Y [o, n * u] and X_k
 * [i, n * u] the columns of x that the place meets. A Conv with a kernel as wide as the row takes three times as long.
 */
function rowWeightGradient(
  { inputs: [x, y], params, shape }: Node<'conv2dWeightGradient'>,
  xName: string,
  yName: string,
  builder: GraphBuilder,
): string {
  const [n, i, , columns] = x.shape as readonly [number, number, number, number];
  const [, o, , u] = y.shape as readonly [number, number, number, number];
  const [stride, left] = [params.stride[1], params.padding[1]];
  const channelsFirst = (name: string): string => builder.add('Transpose', [name], { perm: ints([1, 0, 2, 3]) });
  const flat = (name: string, channels: number): string =>
    builder.add('Reshape', [name, builder.ints([channels, n * u])]);
  const rows = flat(channelsFirst(yName), o);
  const reach = (u - 1) * stride + params.kernel[1]; // columns of padded x that are met
  const right = Math.max(0, reach - left - columns);
  const turned = channelsFirst(xName);
  const padded =
    left + right === 0 ? turned : builder.add('Pad', [turned, builder.ints([0, 0, 0, left, 0, 0, 0, right])]);
  const places = Array.from({ length: params.kernel[1] }, (_, k) => {
    const met = builder.add('Slice', [
      padded,
      builder.ints([k]),
      builder.ints([k + (u - 1) * stride + 1]),
      builder.ints([3]),
      builder.ints([stride]),
    ]);
    const product = builder.add('Gemm', [rows, flat(met, i)], { transB: int(1) });
    return builder.add('Reshape', [product, builder.ints([o, i, 1, 1])]);
  });
  const [only] = places;
  return shape[3] === 1 ? only! : builder.add('Concat', places, { axis: int(3) });
}

/** Rows and columns at the end of x that no place of the kernel reaches. */
function remainder({
  inputSize,
  kernel,
  stride,
  padding: [top, left, bottom, right],
}: ConvGeometry): readonly number[] {
  return [(inputSize[0] + top + bottom - kernel[0]) % stride[0], (inputSize[1] + left + right - kernel[1]) % stride[1]];
}

/**
 * 1 / (1 + e^-x) = e^min(x, 0) / (1 + e^-|x|), right in both tails. onnxruntime's Sigmoid is 0 from -18 down, where the
 * gradients of a discriminator that is sure of itself live.
 */
function sigmoid(x: string, builder: GraphBuilder): string {
  const below = builder.add('Exp', [builder.add('Min', [x, builder.float(0)])]);
  const tail = builder.add('Exp', [builder.add('Neg', [builder.add('Abs', [x])])]);
  return builder.add('Div', [below, builder.add('Add', [tail, builder.float(1)])]);
}

/**
 * log(1 + eˣ) = max(x, 0) + log1p(e^-|x|). onnxruntime's Softplus loses the digits of small results, where a discriminator
 * that is sure of itself has its loss. log1p(z) = z log(u) / (u - 1) with u = 1 + z (Higham 2002, section 1.14.1).
 */
function softplus(x: string, builder: GraphBuilder): string {
  const [one, zero] = [builder.float(1), builder.float(0)];
  const z = builder.add('Exp', [builder.add('Neg', [builder.add('Abs', [x])])]);
  const u = builder.add('Add', [z, one]);
  const rounded = builder.add('Sub', [u, one]);
  const quotient = builder.add('Div', [builder.add('Log', [u]), rounded]);
  const lost = builder.add('Equal', [rounded, zero]);
  const log1p = builder.add('Mul', [z, builder.add('Where', [lost, one, quotient])]);
  return builder.add('Add', [builder.add('Max', [x, zero]), log1p]);
}

const lastTwoSwapped = (rank: number): readonly number[] =>
  Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : rank - 2 + (rank - 1 - i)));

/**
 * One convolution of one picture, whose rows are those of all inputs and channels: row by row all of input 0's channels,
 * and so on, so that the channel and the kernel's row are one place to begin at. A dilation of `stride` rows of all channels
 * skips to what the next row of y meets; each of its own channels is the kernel over all inputs at once. onnxruntime then makes
 * one large matrix product, where a convolution for each channel makes many small ones (see docs/performance.md).
 */
function weightGradient(node: Node<'conv2dWeightGradient'>, x: string, y: string, builder: GraphBuilder): string {
  const { params, shape, inputs } = node;
  const [n, channels, height, width] = inputs[0].shape as readonly [number, number, number, number];
  const [top, left, bottom, right] = params.padding;
  const [restRows, restColumns] = remainder(params) as [number, number];
  const rows = builder.add('Transpose', [x], { perm: ints([0, 2, 1, 3]) });
  const places = builder.add(
    'Conv',
    [
      builder.add('Reshape', [rows, builder.ints([1, n, height * channels, width])]),
      builder.add('Transpose', [y], { perm: ints([1, 0, 2, 3]) }),
    ],
    {
      kernel_shape: ints(outputSize(params)),
      dilations: ints([params.stride[0] * channels, params.stride[1]]),
      pads: ints([top * channels, left, bottom * channels, right]),
    },
  );
  const [kernelRows, kernelColumns] = params.kernel;
  const byRow = builder.ints([shape[0]!, kernelRows + restRows, channels, kernelColumns + restColumns]);
  const whole = builder.add('Reshape', [places, byRow]);
  const fitted =
    restRows + restColumns > 0
      ? builder.add('Slice', [
          whole,
          builder.ints([0, 0, 0, 0]),
          builder.ints([shape[0]!, kernelRows, channels, kernelColumns]),
        ])
      : whole;
  return builder.add('Transpose', [fitted], { perm: ints([0, 2, 1, 3]) });
}
