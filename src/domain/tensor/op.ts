import type { Shape, Tensor } from './tensor.js';

/** One number for the height and one for the width. */
export type Pair = readonly [number, number];

/**
 * Kernel size, stride and padding of a convolution (cross-correlation, as in PyTorch and ONNX):
 *
 *     y[n, o, v, u] = sum over i, a, b of x[n, i, v * stride[0] + a - top, u * stride[1] + b - left] * w[o, i, a, b]
 *
 * The input gradient and the weight gradient are derivatives of the same sum, so they share the geometry.
 */
export interface ConvGeometry {
  /** Height and width of x. */
  readonly inputSize: Pair;
  /** Height and width of w. */
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Zeros around x: top, left, bottom, right. */
  readonly padding: readonly [number, number, number, number];
}

/**
 * Every operation of a tensor program, with its inputs and parameters. The set is closed under differentiation.
 * To add one, add a line here. The compiler then asks for its shape rule, its gradient rule, a kernel in each engine
 * and a gradient test.
 */
export interface Ops {
  // Sources
  input: { inputs: []; params: { name: string; shape: Shape } };
  constant: { inputs: []; params: { value: Tensor } };

  // Elementwise arithmetic with NumPy's broadcasting
  add: { inputs: [Node, Node]; params: object };
  subtract: { inputs: [Node, Node]; params: object };
  multiply: { inputs: [Node, Node]; params: object };
  divide: { inputs: [Node, Node]; params: object };

  // Elementwise functions
  exp: { inputs: [Node]; params: object };
  log: { inputs: [Node]; params: object };
  sqrt: { inputs: [Node]; params: object };
  tanh: { inputs: [Node]; params: object };
  sigmoid: { inputs: [Node]; params: object };
  softplus: { inputs: [Node]; params: object }; // log(1 + exp(x))
  leakyRelu: { inputs: [Node]; params: { slope: number } }; // x > 0 ? x : slope * x; slope in 0..1
  // x > 0 ? 1 : slope, the derivative of leakyRelu; an operation of its own, because engines have fast forms of it
  leakyReluSlope: { inputs: [Node]; params: { slope: number } };

  // Comparisons give 1 or 0. select(condition, a, b) is a where the condition is not 0 (ONNX Where). All broadcast.
  greater: { inputs: [Node, Node]; params: object };
  greaterOrEqual: { inputs: [Node, Node]; params: object };
  select: { inputs: [Node, Node, Node]; params: object };

  // Reductions keep the reduced axes with length 1
  sum: { inputs: [Node]; params: { axes: readonly number[] } };
  max: { inputs: [Node]; params: { axes: readonly number[] } };

  // Data movement
  broadcast: { inputs: [Node]; params: { shape: Shape } };
  reshape: { inputs: [Node]; params: { shape: Shape } };
  transpose: { inputs: [Node]; params: { permutation: readonly number[] } }; // result axis i is axis permutation[i]
  slice: { inputs: [Node]; params: { starts: Shape; ends: Shape } }; // one start and one end for each axis
  pad: { inputs: [Node]; params: { before: Shape; after: Shape } }; // with zeros
  concat: { inputs: readonly Node[]; params: { axis: number } };

  // Linear algebra
  // [..., n, k] [..., k, m] -> [..., n, m]
  matmul: { inputs: [Node, Node]; params: { transposeA: boolean; transposeB: boolean } };
  conv2d: { inputs: [Node, Node]; params: ConvGeometry }; // x [n, i, h, w], w [o, i, kh, kw] -> y [n, o, v, u]
  conv2dInputGradient: { inputs: [Node, Node]; params: ConvGeometry }; // y, w -> x: the transposed convolution
  conv2dWeightGradient: { inputs: [Node, Node]; params: ConvGeometry }; // x, y -> w

  // The identity, whose gradient is 0 (detach in PyTorch)
  stopGradient: { inputs: [Node]; params: object };
}

export type OpKind = keyof Ops;

/** Operations that compute each element from the elements at the same index of the inputs. */
export type ElementwiseKind =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'leakyRelu'
  | 'leakyReluSlope'
  | 'greater'
  | 'greaterOrEqual'
  | 'select'
  | 'stopGradient';

/** One node of a tensor program. Nodes are immutable. A program consists of all nodes that its outputs depend on. */
export type Node<K extends OpKind = OpKind> = {
  [P in K]: Readonly<{ op: P; shape: Shape; inputs: Readonly<Ops[P]['inputs']>; params: Readonly<Ops[P]['params']> }>;
}[K];

/** A tuple with one T for each input of the operation K. */
export type PerInput<K extends OpKind, T> = OneFor<Ops[K]['inputs'], T>;
type OneFor<Tuple, T> = { readonly [I in keyof Tuple]: T };
