import type { AdamOptions } from '../model/adam-options.js';
import { add, divide, multiply, reshape, sqrt, square, subtract } from '../tensor/node-builders.js';
import type { Node } from '../tensor/op.js';

/** Adam's 1 - beta1^t and 1 - beta2^t after t steps. As state: c starts at 0, and c' = beta c + (1 - beta). */
export interface BiasCorrections {
  readonly first: Node;
  readonly second: Node;
}

interface Moments {
  readonly first: Node;
  readonly second: Node;
}

/** The bias corrections of step t + 1 from those of step t. */
export const nextBiasCorrections = (current: BiasCorrections, { beta1, beta2 }: AdamOptions): BiasCorrections => ({
  first: add(multiply(current.first, beta1), 1 - beta1),
  second: add(multiply(current.second, beta2), 1 - beta2),
});

/**
 * Adam (Kingma and Ba 2015, algorithm 1), with epsilon outside the root as in torch.optim.Adam:
 *
 *     m' = beta1 m + (1 - beta1) g,  v' = beta2 v + (1 - beta2) g²
 *     w' = w - rate * (m' / c1) / (sqrt(v' / c2) + eps)
 */
export function adam(
  weight: Node,
  gradient: Node,
  moments: Moments,
  corrections: BiasCorrections,
  { learningRate, beta1, beta2, epsilon }: AdamOptions,
): { readonly weight: Node; readonly moments: Moments } {
  const first = add(multiply(moments.first, beta1), multiply(gradient, 1 - beta1));
  const second = add(multiply(moments.second, beta2), multiply(square(gradient), 1 - beta2));
  // The scalars are combined first, so that fewer operations run over the whole weight.
  const rate = divide(learningRate, reshape(corrections.first, []));
  const secondScale = divide(1, sqrt(reshape(corrections.second, [])));
  const step = divide(multiply(first, rate), add(multiply(sqrt(second), secondScale), epsilon));
  return { weight: subtract(weight, step), moments: { first, second } };
}
