import type { Node, OpKind } from '../../../domain/tensor/op.js';
import type { GraphBuilder } from './graph-builder.js';
import { floatAttribute, intAttribute, intsAttribute } from '../wire/onnx-graph.js';
import { isOneRowHigh, outputPadding, weightGradient, weightGradientAlongRow } from './weight-gradient-rule.js';

/** Lowers one operation to ONNX nodes and returns the name of its value. */
export type LoweringRule<K extends OpKind> = (
  node: Node<K>,
  inputs: readonly string[],
  builder: GraphBuilder,
) => string;

const elementwiseOp =
  <K extends OpKind>(op: string): LoweringRule<K> =>
  (_node, inputs, builder) =>
    builder.add(op, inputs);

const comparisonOp =
  <K extends 'greater' | 'greaterOrEqual'>(op: string): LoweringRule<K> =>
  (_node, inputs, builder) =>
    builder.add('Cast', [builder.add(op, inputs)], { to: intAttribute(FLOAT) });

/** TensorProto.DataType */
const FLOAT = 1;
const BOOL = 9;

/** A float32 so large that its product with any positive normal number (1.2e-38 or more) exceeds 1. */
const STEEP_SLOPE = 3e38;

export const loweringRules: { readonly [K in OpKind]: LoweringRule<K> } = {
  input: ({ params: { name } }) => name,
  constant: ({ shape, params: { value } }, _inputs, builder) =>
    shape.length === 0 ? builder.float(value.data[0]!) : builder.tensor(shape, value.data),

  add: elementwiseOp('Add'),
  subtract: elementwiseOp('Sub'),
  multiply: elementwiseOp('Mul'),
  divide: elementwiseOp('Div'),

  exp: elementwiseOp('Exp'),
  log: elementwiseOp('Log'),
  sqrt: elementwiseOp('Sqrt'),
  tanh: elementwiseOp('Tanh'),
  sigmoid: (_node, inputs, builder) => sigmoid(inputs[0]!, builder),
  softplus: (_node, inputs, builder) => softplus(inputs[0]!, builder),
  leakyRelu: ({ params: { slope } }, inputs, builder) =>
    builder.add('LeakyRelu', inputs, { alpha: floatAttribute(slope) }),
  // Clips a steep line to [slope, 1]. onnxruntime's Greater and Where take twelve times as long.
  leakyReluSlope: ({ params: { slope } }, [x], builder) =>
    builder.add('Clip', [builder.add('Mul', [x!, builder.float(STEEP_SLOPE)]), builder.float(slope), builder.float(1)]),

  greater: comparisonOp('Greater'),
  greaterOrEqual: comparisonOp('GreaterOrEqual'),
  select: (_node, [condition, ifTrue, ifFalse], builder) =>
    builder.add('Where', [builder.add('Cast', [condition!], { to: intAttribute(BOOL) }), ifTrue!, ifFalse!]),

  sum: ({ params: { axes } }, [x], builder) =>
    builder.add('ReduceSum', [x!, builder.ints(axes)], {
      keepdims: intAttribute(1),
      noop_with_empty_axes: intAttribute(1),
    }),
  max: ({ params: { axes } }, [x], builder) =>
    axes.length === 0 ? x! : builder.add('ReduceMax', [x!], { axes: intsAttribute(axes), keepdims: intAttribute(1) }),

  broadcast: ({ shape }, [x], builder) => builder.add('Expand', [x!, builder.ints(shape)]),
  reshape: ({ shape }, [x], builder) => builder.add('Reshape', [x!, builder.ints(shape)]),
  transpose: ({ params: { permutation } }, inputs, builder) =>
    builder.add('Transpose', inputs, { perm: intsAttribute(permutation) }),
  slice: ({ params: { starts, ends } }, [x], builder) =>
    builder.add('Slice', [x!, builder.ints(starts), builder.ints(ends)]),
  pad: ({ params: { before, after } }, [x], builder) => builder.add('Pad', [x!, builder.ints([...before, ...after])]),
  concat: ({ params: { axis } }, inputs, builder) => builder.add('Concat', inputs, { axis: intAttribute(axis) }),

  matmul: ({ inputs: [a, b], params: { transposeA, transposeB } }, [left, right], builder) => {
    if (a.shape.length === 2) {
      return builder.add('Gemm', [left!, right!], {
        transA: intAttribute(Number(transposeA)),
        transB: intAttribute(Number(transposeB)),
      });
    }
    const swap = (name: string, rank: number, transposed: boolean): string =>
      transposed ? builder.add('Transpose', [name], { perm: intsAttribute(swapLastTwoAxes(rank)) }) : name;
    return builder.add('MatMul', [swap(left!, a.shape.length, transposeA), swap(right!, b.shape.length, transposeB)]);
  },
  conv2d: ({ params: { kernel, stride, padding } }, inputs, builder) =>
    builder.add('Conv', inputs, {
      kernel_shape: intsAttribute(kernel),
      strides: intsAttribute(stride),
      pads: intsAttribute(padding),
    }),
  conv2dInputGradient: ({ params }, inputs, builder) =>
    builder.add('ConvTranspose', inputs, {
      kernel_shape: intsAttribute(params.kernel),
      strides: intsAttribute(params.stride),
      pads: intsAttribute(params.padding),
      output_padding: intsAttribute(outputPadding(params)),
    }),
  conv2dWeightGradient: (node, [x, y], builder) =>
    isOneRowHigh(node.params)
      ? weightGradientAlongRow(node, x!, y!, builder)
      : weightGradient(node, builder.add('Transpose', [x!], { perm: intsAttribute([0, 2, 3, 1]) }), y!, builder),

  stopGradient: (_node, [x]) => x!,
};

/**
 * 1 / (1 + e^-x) = e^min(x, 0) / (1 + e^-|x|), accurate in both tails. onnxruntime's Sigmoid is 0 for x <= -18, which
 * would lose the gradients of a confident discriminator.
 */
function sigmoid(x: string, builder: GraphBuilder): string {
  const below = builder.add('Exp', [builder.add('Min', [x, builder.float(0)])]);
  const tail = builder.add('Exp', [builder.add('Neg', [builder.add('Abs', [x])])]);
  return builder.add('Div', [below, builder.add('Add', [tail, builder.float(1)])]);
}

/**
 * log(1 + eˣ) = max(x, 0) + log1p(e^-|x|). onnxruntime's Softplus loses the digits of small results, such as the loss
 * of a confident discriminator. log1p(z) = z log(u) / (u - 1) with u = 1 + z (Higham 2002, section 1.14.1).
 */
function softplus(x: string, builder: GraphBuilder): string {
  const [one, zero] = [builder.float(1), builder.float(0)];
  const z = builder.add('Exp', [builder.add('Neg', [builder.add('Abs', [x])])]);
  const u = builder.add('Add', [z, one]);
  const rounded = builder.add('Sub', [u, one]);
  const quotient = builder.add('Div', [builder.add('Log', [u]), rounded]);
  const isTiny = builder.add('Equal', [rounded, zero]);
  const log1p = builder.add('Mul', [z, builder.add('Where', [isTiny, one, quotient])]);
  return builder.add('Add', [builder.add('Max', [x, zero]), log1p]);
}

const swapLastTwoAxes = (rank: number): readonly number[] =>
  Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : rank - 2 + (rank - 1 - i)));
