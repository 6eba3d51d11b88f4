import { input } from '../tensor/build.js';
import type { Node } from '../tensor/op.js';
import type { Shape } from '../tensor/tensor.js';

/** `training` normalizes by the batch's own statistics and follows them; `inference` uses the averages kept. */
export type Mode = 'training' | 'inference';

/** Normal with this mean and standard deviation; 0 deviation is a constant. */
export interface Initial {
  readonly mean: number;
  readonly deviation: number;
}

/** Gives a formula the weight of this name; each name is asked for once. */
export type Weights = (name: string, shape: Shape, initial: Initial) => Node;

/**
 * A network that is more than a row of layers: noise that enters at several places, branches, attention. A formula over
 * nodes says what it computes; which weights it has is found by letting it ask for them.
 */
export interface FormulaNetwork {
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
  readonly formula: (x: Node, weights: Weights, mode: Mode, condition: Node | undefined) => Node;
}

/** What a formula asked for, and what came out, without the batch axis. */
export interface FormulaFacts {
  readonly weights: readonly { readonly name: string; readonly shape: Shape; readonly initial: Initial }[];
  readonly outputShape: Shape;
}

const known = new WeakMap<FormulaNetwork, FormulaFacts>();

export function formulaFacts(network: FormulaNetwork): FormulaFacts {
  const found = known.get(network) ?? learn(network);
  known.set(network, found);
  return found;
}

function learn({ name: prefix, inputShape, conditionSize, formula }: FormulaNetwork): FormulaFacts {
  const weights: { name: string; shape: Shape; initial: Initial }[] = [];
  const taken = new Set<string>();
  const output = formula(
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
