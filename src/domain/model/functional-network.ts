import { input } from '../tensor/node-builders.js';
import type { Node } from '../tensor/op.js';
import type { Shape } from '../tensor/tensor.js';

/** `training` normalizes by the batch's own statistics and follows them; `inference` uses the averages kept. */
export type Mode = 'training' | 'inference';

/** Normal with this mean and standard deviation; 0 deviation is a constant. */
export interface NormalInitializer {
  readonly mean: number;
  readonly deviation: number;
}

/** Gives a formula the weight of this name; each name is asked for once. */
export type GetWeight = (name: string, shape: Shape, initial: NormalInitializer) => Node;

/**
 * A network that is more than a row of layers: noise that enters at several places, branches, attention. A formula over
 * nodes says what it computes; which weights it has is found by letting it ask for them.
 */
export interface FunctionalNetwork {
  /** Prefix of its parameters' names. */
  readonly name: 'generator' | 'discriminator';
  /** Without the batch axis. */
  readonly inputShape: Shape;
  /** Numbers of the condition that it is told beside its input; absent when it is told none. */
  readonly conditionSize?: number;
  /**
   * x [batch, ...inputShape], condition [batch, conditionSize] -> [batch, ...]. Asks for the same weights whatever the
   * batch and the mode.
   */
  readonly forward: (x: Node, weights: GetWeight, mode: Mode, condition: Node | undefined) => Node;
}

/** What a formula asked for, and what came out, without the batch axis. */
export interface NetworkTrace {
  readonly weights: readonly { readonly name: string; readonly shape: Shape; readonly initial: NormalInitializer }[];
  readonly outputShape: Shape;
}

const traceCache = new WeakMap<FunctionalNetwork, NetworkTrace>();

export function traceNetwork(network: FunctionalNetwork): NetworkTrace {
  const found = traceCache.get(network) ?? runTrace(network);
  traceCache.set(network, found);
  return found;
}

function runTrace({ name: prefix, inputShape, conditionSize, forward }: FunctionalNetwork): NetworkTrace {
  const weights: { name: string; shape: Shape; initial: NormalInitializer }[] = [];
  const taken = new Set<string>();
  const output = forward(
    input('x', [1, ...inputShape]),
    (part, shape, initial) => {
      const name = `${prefix}.${part}`;
      if (taken.has(name)) throw new Error(`the formula asks for the weight "${name}" twice`);
      taken.add(name);
      weights.push({ name, shape, initial });
      return input(name, shape);
    },
    'training',
    conditionSize === undefined ? undefined : input('condition', [1, conditionSize]),
  );
  return { weights, outputShape: output.shape.slice(1) };
}
