import { add, multiply, subtract, sum } from '../node-builders.js';
import type { Node } from '../op.js';
import { programOutputs, type Program } from '../program.js';
import { rewriteProgram, type RewriteRule } from './rewrite.js';
import { simplifyProgram } from './simplify.js';
import { sameShape, type Shape } from '../tensor.js';
import { topologicalOrder } from '../topological-order.js';

/**
 * An equal, simplified program with fewer passes over large tensors. The sum of an expression that is linear in a large
 * tensor, such as the gradient of a batch norm, is computed from sums that the program takes anyway: by linearity,
 * sum(k x + c) = k sum(x) + n c where k and c do not change along the summed axes.
 */
export function reuseReductions(program: Program): Program {
  const simple = simplifyProgram(program);
  return simplifyProgram(rewriteProgram(simple, reuseReductionsRule(findReductions(simple))));
}

/** The sums that a program takes: for each summed node the axes of each sum. */
type ReducedAxes = ReadonlyMap<Node, readonly (readonly number[])[]>;

function findReductions(program: Program): ReducedAxes {
  const sums = new Map<Node, (readonly number[])[]>();
  for (const n of topologicalOrder(programOutputs(program))) {
    if (n.op === 'sum') sums.set(n.inputs[0], [...(sums.get(n.inputs[0]) ?? []), n.params.axes]);
  }
  return sums;
}

const reuseReductionsRule =
  (sums: ReducedAxes): RewriteRule =>
  (rebuilt, original, rewrittenOf) => {
    if (rebuilt.op === 'add') return mergeRepeatedTerms(rebuilt);
    if (rebuilt.op === 'multiply') return mergeFactors(rebuilt);
    if (original.op !== 'sum') return rebuilt;
    return sumFromOperands(original.inputs[0], original.params.axes, { sums, rewrittenOf }) ?? rebuilt;
  };

interface SumContext {
  readonly sums: ReducedAxes;
  readonly rewrittenOf: (n: Node) => Node;
}

/** x + x = 2 x, and (a + x) + x = a + 2 x where 2 x costs no more than x. */
function mergeRepeatedTerms(total: Node<'add'>): Node {
  const [a, b] = total.inputs;
  if (a === b) return scaleBy(a, 2);
  for (const [inner, x] of [
    [a, b],
    [b, a],
  ] as const) {
    if (inner.op !== 'add' || x.op !== 'multiply' || splitBroadcastProduct(x) === undefined) continue;
    const rest = inner.inputs.find((part) => part !== x);
    if (rest !== undefined && inner.inputs.includes(x)) return add(rest, scaleBy(x, 2));
  }
  return total;
}

/** x * factor, merged with the factor of x where x is a product. */
const scaleBy = (x: Node, factor: number): Node => mergeFactors(multiply(x, factor) as Node<'multiply'>);

/** (x * k) * l = x * (k * l) where k and l are smaller than x. */
function mergeFactors(product: Node<'multiply'>): Node {
  const outer = splitBroadcastProduct(product);
  if (outer === undefined || outer.large.op !== 'multiply') return product;
  const inner = splitBroadcastProduct(outer.large);
  return inner === undefined ? product : multiply(inner.large, multiply(inner.small, outer.small));
}

/** The operand with the shape of the result, and the one that is broadcast to it; undefined when none is broadcast. */
function splitBroadcastProduct({ inputs: [a, b], shape }: Node<'multiply'>): { large: Node; small: Node } | undefined {
  if (sameShape(a.shape, shape) && !sameShape(b.shape, shape)) return { large: a, small: b };
  return sameShape(b.shape, shape) && !sameShape(a.shape, shape) ? { large: b, small: a } : undefined;
}

/** The sum of `n` over `axes`, when the program takes it or it follows from sums that the program takes. */
function deriveSum(n: Node, axes: readonly number[], context: SumContext): Node | undefined {
  const { sums, rewrittenOf } = context;
  if (sums.get(n)?.some((known) => sameShape(known, axes))) return sum(rewrittenOf(n), axes);
  return sumFromOperands(n, axes, context);
}

/** The sum over `axes` of a + b, a - b, or a b with one factor constant along `axes`, from the sums of a and b. */
function sumFromOperands(n: Node, axes: readonly number[], context: SumContext): Node | undefined {
  if (n.op !== 'add' && n.op !== 'subtract' && n.op !== 'multiply') return undefined;
  const { rewrittenOf } = context;
  const summedShape = n.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const count = axes.reduce((product, axis) => product * n.shape[axis]!, 1);
  const [a, b] = n.inputs;
  const [isConstantA, isConstantB] = [a, b].map((part) => isConstantAlong(part.shape, n.shape, axes));
  if (isConstantA && isConstantB) return undefined;
  if (n.op === 'multiply' && !isConstantA && !isConstantB) return undefined;
  const sumOf = (part: Node, isConstant: boolean): Node | undefined => {
    if (isConstant) return n.op === 'multiply' ? rewrittenOf(part) : multiply(rewrittenOf(part), count);
    return sameShape(part.shape, n.shape) ? deriveSum(part, axes, context) : undefined;
  };
  const [left, right] = [sumOf(a, isConstantA!), sumOf(b, isConstantB!)];
  if (left === undefined || right === undefined) return undefined;
  const result = { add, subtract, multiply }[n.op](left, right);
  return sameShape(result.shape, summedShape) ? result : undefined;
}

/** Whether a tensor that is broadcast to `shape` has one value along all of `axes`. */
function isConstantAlong(part: Shape, shape: Shape, axes: readonly number[]): boolean {
  const missingAxes = shape.length - part.length;
  return axes.every((axis) => shape[axis] === 1 || axis < missingAxes || part[axis - missingAxes] === 1);
}
