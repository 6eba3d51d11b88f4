import type { Shape, Tensor } from './tensor.js';

/** One number each for height and width. */
export type Pair = readonly [number, number];

/**
 * How a convolution slides: y[n, o, v, u] = sum over i, a, b of x[n, i, v*stride0 + a - top, u*stride1 + b - left] w[o, i, a, b].
 * The three convolution operations are the three partial derivatives of the same sum, so they share one geometry.
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
 * Every operation a tensor program can hold: its inputs and its parameters. The set is closed under differentiation.
 * To add one, add a line here; the compiler then asks for its shape rule, its gradient rule, a kernel in each engine
 * and a gradient test.
 */
export interface Ops {
  // Sources
  input: { inputs: []; params: { name: string; shape: Shape } };
  constant: { inputs: []; params: { value: Tensor } };

  // Elementwise arithmetic; shapes broadcast as numpy's do
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
  leakyReluSlope: { inputs: [Node]; params: { slope: number } }; // x > 0 ? 1 : slope: its derivative, for which engines have fast forms

  // Comparisons give 1 or 0 and broadcast; select takes its second input where the first is not 0
  greater: { inputs: [Node, Node]; params: object };
  greaterOrEqual: { inputs: [Node, Node]; params: object };
  select: { inputs: [Node, Node, Node]; params: object };

  // Reductions; the reduced axes stay, with length 1
  sum: { inputs: [Node]; params: { axes: readonly number[] } };
  max: { inputs: [Node]; params: { axes: readonly number[] } };

  // Movement
  broadcast: { inputs: [Node]; params: { shape: Shape } };
  reshape: { inputs: [Node]; params: { shape: Shape } };
  transpose: { inputs: [Node]; params: { permutation: readonly number[] } }; // axis i of the result is axis permutation[i]
  slice: { inputs: [Node]; params: { starts: Shape; ends: Shape } }; // one start and end an axis
  pad: { inputs: [Node]; params: { before: Shape; after: Shape } }; // with zeros
  concat: { inputs: readonly Node[]; params: { axis: number } };

  // Linear algebra
  matmul: { inputs: [Node, Node]; params: { transposeA: boolean; transposeB: boolean } }; // [..., n, k] [..., k, m] -> [..., n, m]
  conv2d: { inputs: [Node, Node]; params: ConvGeometry }; // x [n, i, h, w], w [o, i, kh, kw] -> y [n, o, v, u]
  conv2dInputGradient: { inputs: [Node, Node]; params: ConvGeometry }; // y, w -> x: a transposed convolution
  conv2dWeightGradient: { inputs: [Node, Node]; params: ConvGeometry }; // x, y -> w

  // Differentiation sees a constant here
  stopGradient: { inputs: [Node]; params: object };
}

export type OpKind = keyof Ops;

/** One node of a tensor program. Nodes are immutable; a program is whatever its outputs reach. */
export type Node<K extends OpKind = OpKind> = {
  [P in K]: Readonly<{ op: P; shape: Shape; inputs: Readonly<Ops[P]['inputs']>; params: Readonly<Ops[P]['params']> }>;
}[K];

/** A tuple with one T for each input of K. */
export type PerInput<K extends OpKind, T> = Each<Ops[K]['inputs'], T>;
type Each<Tuple, T> = { readonly [I in keyof Tuple]: T };
