import type { Tensor } from '@tensorflow/tfjs-core';
import type { Node, OpKind, PerInput } from '../../domain/tensor/op.js';
import type { Layout } from './memory-layout.js';

/** Runs a kernel of tfjs's current backend: https://github.com/tensorflow/tfjs lists them in tfjs-core/src/kernel_names.ts. */
export interface Backend {
  /** tfjs's name of it: `tensorflow`, `wasm` or `cpu`. */
  readonly name: string;
  run(kernel: string, inputs: Readonly<Record<string, Tensor>> | readonly Tensor[], attributes?: object): Tensor;
}

/**
 * Computes one operation: a fresh tensor in `layout`. The inputs, in the layouts that the operation's rule names, stay
 * as they are. What else it makes on the way is freed by the caller.
 */
export type Kernel<K extends OpKind> = (
  backend: Backend,
  inputs: PerInput<K, Tensor>,
  node: Node<K>,
  layout: Layout,
) => Tensor;

/** Inputs and constants have no kernel. */
export type ComputedOpKind = Exclude<OpKind, 'input' | 'constant'>;

export type Kernels<K extends OpKind> = { readonly [P in K]: Kernel<P> };
