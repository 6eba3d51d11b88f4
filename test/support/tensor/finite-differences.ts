import { createGraphEvaluator } from '../../../src/adapters/reference/graph-evaluator.js';
import { randomStream } from '../../../src/domain/random.js';
import { gradients } from '../../../src/domain/tensor/gradient.js';
import type { Node } from '../../../src/domain/tensor/op.js';
import { sizeOf } from '../../../src/domain/tensor/tensor.js';
import { topologicalOrder } from '../../../src/domain/tensor/topological-order.js';
import type { GraphCase } from './graph-cases.js';

/** Slopes along one direction: by the gradient, and by a central difference. */
interface DirectionalDerivatives {
  readonly byGradient: number;
  readonly byDifference: number;
  /** A fair error of the difference. */
  readonly allowed: number;
}

type Point = ReadonlyMap<string, Float64Array>;

/**
 * Compares the gradient of `loss` to all its inputs with central differences along random directions. A direction has
 * a part along every element of every input, so that one wrong element shows.
 */
export function directionalDerivatives(
  { node: loss, feeds }: GraphCase,
  directions = 2,
  h = 1e-5,
): readonly DirectionalDerivatives[] {
  const inputs = topologicalOrder([loss]).filter((node): node is Node<'input'> => node.op === 'input');
  const evaluateLoss = createGraphEvaluator([loss]);
  const evaluateGradients = createGraphEvaluator(gradients(loss, inputs));
  const at: Point = new Map([...feeds].map(([name, { data }]) => [name, Float64Array.from(data)]));
  const feedOf = (point: Point) => (input: Node<'input'>) => point.get(input.params.name)!;
  const slopes = evaluateGradients(feedOf(at));

  return Array.from({ length: directions }, (_, direction) => {
    const random = randomStream(direction, 'tests');
    const along = inputs.map(({ shape }) => Float64Array.from({ length: sizeOf(shape) }, () => random.normal()));
    const moved = (by: number): Point =>
      new Map(
        inputs.map(({ params: { name } }, i) => [name, at.get(name)!.map((value, j) => value + by * along[i]![j]!)]),
      );
    const value = (by: number): number => evaluateLoss(feedOf(moved(by)))[0]![0]!;
    const [up, down, here] = [value(h), value(-h), value(0)];
    const terms = slopes.flatMap((slope, i) => [...slope].map((g, j) => g * along[i]![j]!));
    const size = terms.reduce((total, term) => total + Math.abs(term), 0);
    return {
      byGradient: terms.reduce((total, term) => total + term, 0),
      byDifference: (up - down) / (2 * h),
      // Truncation grows with h², rounding of the loss is divided by h.
      allowed: 1e-6 * size + (1e-15 * Math.abs(here) * 20) / h,
    };
  });
}

/** The first direction in which the two disagree, or undefined. NaN agrees with nothing. */
export const findDisagreement = (slopes: readonly DirectionalDerivatives[]): DirectionalDerivatives | undefined =>
  slopes.find(({ byGradient, byDifference, allowed }) => !(Math.abs(byGradient - byDifference) <= allowed));
