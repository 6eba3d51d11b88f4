import type { Tensor } from '@tensorflow/tfjs-core';
import type { ElementwiseKind, OpKind } from '../../domain/tensor/op.js';
import type { Backend, Kernel, Kernels } from './kernel.js';
import { permuteToLayout } from './memory-layout.js';
import { broadcastTo } from './movement.js';

const unary =
  <K extends OpKind>(kernel: string): Kernel<K> =>
  (backend, [x]) =>
    backend.run(kernel, { x: x as Tensor });

const binary =
  <K extends OpKind>(kernel: string): Kernel<K> =>
  (backend, [a, b]) =>
    backend.run(kernel, { a: a as Tensor, b: b as Tensor });

const comparison =
  <K extends 'greater' | 'greaterOrEqual'>(kernel: string): Kernel<K> =>
  (backend, [a, b]) =>
    castToFloat(backend, backend.run(kernel, { a: a as Tensor, b: b as Tensor }));

/** A float32 so large that its product with any normal number above 0 (1.2e-38 or more) is over 1. */
const STEEP = 3e38;

export const elementwise: Kernels<ElementwiseKind> = {
  add: binary('Add'),
  subtract: binary('Sub'),
  multiply: binary('Multiply'),
  divide: binary('RealDiv'),
  exp: unary('Exp'),
  log: unary('Log'),
  sqrt: unary('Sqrt'),
  tanh: unary('Tanh'),
  sigmoid: unary('Sigmoid'),
  softplus: unary('Softplus'),
  leakyRelu: (backend, [x], { params: { slope } }) => backend.run('LeakyRelu', { x }, { alpha: slope }),
  leakyReluSlope: (backend, [x], { params: { slope } }) => {
    // A clip of a steep line where Step is made of six operations.
    if (backend.name !== 'tensorflow') return backend.run('Step', { x }, { alpha: slope });
    const steep = backend.run('Multiply', { a: x, b: scalarTensor(backend, STEEP) });
    return backend.run('ClipByValue', { x: steep }, { clipValueMin: slope, clipValueMax: 1 });
  },
  greater: comparison('Greater'),
  greaterOrEqual: comparison('GreaterEqual'),
  // The backends disagree on what Select stretches, so it is given full shapes.
  select: (backend, [condition, yes, no], { shape }, layout) => {
    const full = (x: Tensor): Tensor => broadcastTo(backend, x, permuteToLayout(shape, layout));
    const chosen = backend.run('NotEqual', { a: condition, b: scalarTensor(backend, 0) });
    return backend.run('Select', { condition: full(chosen), t: full(yes), e: full(no) });
  },
  stopGradient: unary('Identity'),
};

const castToFloat = (backend: Backend, x: Tensor): Tensor => backend.run('Cast', { x }, { dtype: 'float32' });

const scalarTensor = (backend: Backend, value: number): Tensor =>
  backend.run('Fill', {}, { shape: [], value, dtype: 'float32' });
