import type { Node, OpKind, PerInput } from '../../domain/tensor/op.js';

/** Row-major values. Doubles, so that what is rounded is the result of a step and not every number on the way. */
export type Values = Float64Array;

/** Computes a node's values from those of its inputs, which it leaves as they are. */
export type Kernel<K extends OpKind> = (inputs: PerInput<K, Values>, node: Node<K>) => Values;

/** Inputs have no kernel. */
export type ComputedOpKind = Exclude<OpKind, 'input'>;

export type Kernels<K extends OpKind> = { readonly [P in K]: Kernel<P> };
