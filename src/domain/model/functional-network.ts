import { input } from '../tensor/node-builders.js';
import type { Node } from '../tensor/op.js';
import type { Shape } from '../tensor/tensor.js';

/** As model.train() and model.eval() in PyTorch: it changes batch norm, discrete choices and the generator's output. */
export type Mode = 'training' | 'inference';

/** A normal distribution; with a standard deviation of 0 the constant `mean`. */
export interface NormalInitializer {
  readonly mean: number;
  readonly deviation: number;
}

/** Gives the forward function the weight of this name; it requests each name once. */
export type GetWeight = (name: string, shape: Shape, initial: NormalInitializer) => Node;

/**
 * A network that is not a sequence of layers, for example with branches. A function builds its graph; its weights are
 * those that the function requests, as with flax.linen's compact modules.
 */
export interface FunctionalNetwork {
  /** Prefix of the parameter names. */
  readonly name: 'generator' | 'discriminator';
  /** Without the batch axis. */
  readonly inputShape: Shape;
  /** Length of the condition vector of a conditional network (Mirza and Osindero 2014); absent for others. */
  readonly conditionSize?: number;
  /**
   * x [batch, ...inputShape], condition [batch, conditionSize] -> [batch, ...]. Must request the same weights in the
   * same order for every batch size and mode.
   */
  readonly forward: (x: Node, weights: GetWeight, mode: Mode, condition: Node | undefined) => Node;
}

/** The weights that a network requests, in order, and its output shape without the batch axis. */
interface NetworkTrace {
  readonly weights: readonly { readonly name: string; readonly shape: Shape; readonly initial: NormalInitializer }[];
  readonly outputShape: Shape;
}

const traceCache = new WeakMap<FunctionalNetwork, NetworkTrace>();

/** Runs the forward function once on symbolic inputs of batch size 1. */
export function traceNetwork(network: FunctionalNetwork): NetworkTrace {
  const trace = traceCache.get(network) ?? runTrace(network);
  traceCache.set(network, trace);
  return trace;
}

function runTrace({ name: prefix, inputShape, conditionSize, forward }: FunctionalNetwork): NetworkTrace {
  const weights: { name: string; shape: Shape; initial: NormalInitializer }[] = [];
  const requested = new Set<string>();
  const output = forward(
    input('x', [1, ...inputShape]),
    (part, shape, initial) => {
      const name = `${prefix}.${part}`;
      if (requested.has(name)) throw new Error(`the network requests the weight "${name}" twice`);
      requested.add(name);
      weights.push({ name, shape, initial });
      return input(name, shape);
    },
    'training',
    conditionSize === undefined ? undefined : input('condition', [1, conditionSize]),
  );
  return { weights, outputShape: output.shape.slice(1) };
}
