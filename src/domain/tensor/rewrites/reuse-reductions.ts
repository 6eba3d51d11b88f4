import { add, multiply, subtract, sum } from '../node-builders.js';
import type { Node } from '../op.js';
import { programOutputs, type Program } from '../program.js';
import { rewriteProgram, type RewriteRule } from './rewrite.js';
import { simplifyProgram } from './simplify.js';
import { sameShape, type Shape } from '../tensor.js';
import { topologicalOrder } from '../topological-order.js';

/**
 * An equal program, simplified, that goes over large tensors less often: what is linear in a large tensor, such as the slope of a
 * batch norm, is said of its sums and of factors that are small, as far as those sums are there for something else.
 */
export function reuseReductions(program: Program): Program {
  const simple = simplifyProgram(program);
  return simplifyProgram(rewriteProgram(simple, reuseReductionsRule(findReductions(simple))));
}

/** Which sums a program takes: axes by what is summed. */
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
  (rebuilt, original, at) => {
    if (rebuilt.op === 'add') return mergeRepeatedTerms(rebuilt);
    if (rebuilt.op === 'multiply') return mergeFactors(rebuilt);
    if (original.op !== 'sum') return rebuilt;
    const { axes } = original.params;
    return sumFromOperands(original.inputs[0], axes, (part) => deriveSum(part, axes, sums, at), at) ?? rebuilt;
  };

/** x + x = 2 x, and (a + x) + x = a + 2 x where 2 x costs no more than x. */
function mergeRepeatedTerms(whole: Node<'add'>): Node {
  const [a, b] = whole.inputs;
  if (a === b) return scaleBy(a, 2);
  for (const [inner, x] of [
    [a, b],
    [b, a],
  ] as const) {
    if (inner.op !== 'add' || x.op !== 'multiply' || splitBroadcastProduct(x) === undefined) continue;
    const rest = inner.inputs.find((part) => part !== x);
    if (rest !== undefined && inner.inputs.includes(x)) return add(rest, scaleBy(x, 2));
  }
  return whole;
}

/** x * factor, where x may be a product already. */
const scaleBy = (x: Node, factor: number): Node => mergeFactors(multiply(x, factor) as Node<'multiply'>);

/** (x * k) * l = x * (k * l) where k and l are smaller than x. */
function mergeFactors(product: Node<'multiply'>): Node {
  const outer = splitBroadcastProduct(product);
  if (outer === undefined || outer.large.op !== 'multiply') return product;
  const inner = splitBroadcastProduct(outer.large);
  return inner === undefined ? product : multiply(inner.large, multiply(inner.small, outer.small));
}

/** The operand that has the shape of the result, and the other one if that is stretched. */
function splitBroadcastProduct({ inputs: [a, b], shape }: Node<'multiply'>): { large: Node; small: Node } | undefined {
  if (sameShape(a.shape, shape) && !sameShape(b.shape, shape)) return { large: a, small: b };
  return sameShape(b.shape, shape) && !sameShape(a.shape, shape) ? { large: b, small: a } : undefined;
}

/** The sum of `n` over `axes` if that is there, or made of sums that are. */
function deriveSum(n: Node, axes: readonly number[], sums: ReducedAxes, at: (n: Node) => Node): Node | undefined {
  if (sums.get(n)?.some((known) => sameShape(known, axes))) return sum(at(n), axes);
  return sumFromOperands(n, axes, (part) => deriveSum(part, axes, sums, at), at);
}

/** The sum of a sum, a difference or a product with what does not change along `axes`, by the sums of its parts. */
function sumFromOperands(
  n: Node,
  axes: readonly number[],
  sumOf: (part: Node) => Node | undefined,
  at: (n: Node) => Node,
): Node | undefined {
  if (n.op !== 'add' && n.op !== 'subtract' && n.op !== 'multiply') return undefined;
  const summed = n.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const count = axes.reduce((product, axis) => product * n.shape[axis]!, 1);
  const [a, b] = n.inputs;
  const [stillA, stillB] = [a, b].map((part) => isConstantAlong(part.shape, n.shape, axes));
  if (stillA && stillB) return undefined;
  const partSum = (part: Node, still: boolean): Node | undefined =>
    still ? multiply(at(part), count) : sameShape(part.shape, n.shape) ? sumOf(part) : undefined;
  const build = { add, subtract, multiply }[n.op];
  if (n.op === 'multiply' && !stillA && !stillB) return undefined;
  const operand = (part: Node, still: boolean): Node | undefined =>
    n.op === 'multiply' && still ? at(part) : partSum(part, still);
  const [left, right] = [operand(a, stillA!), operand(b, stillB!)];
  if (left === undefined || right === undefined) return undefined;
  const result = build(left, right);
  return sameShape(result.shape, summed) ? result : undefined;
}

/** Whether a tensor that is stretched to `shape` has one value along all of `axes`. */
function isConstantAlong(part: Shape, shape: Shape, axes: readonly number[]): boolean {
  const missing = shape.length - part.length;
  return axes.every((axis) => shape[axis] === 1 || axis < missing || part[axis - missing] === 1);
}
