import { add, broadcast, constant, divide, isConstant, multiply, subtract } from '../node-builders.js';
import type { Node } from '../op.js';
import type { Program } from '../program.js';
import { rewrite, rewriteProgram } from './rewrite.js';
import { sameShape } from '../tensor.js';

/**
 * An equal program with common subexpressions merged and identity operations removed. Differentiation leaves many of
 * both.
 */
export const simplifyProgram = (program: Program): Program => rewriteProgram(program, simplifyNode);

/** Simplifies all nodes that `roots` depend on: the simplified form of each. */
export const simplify = (roots: readonly Node[]): ReadonlyMap<Node, Node> => rewrite(roots, simplifyNode);

/** Simplifies one node; keeps its shape. */
function simplifyNode(n: Node): Node {
  switch (n.op) {
    case 'multiply': {
      const [a, b] = n.inputs;
      if (isConstant(b, 1) && sameShape(a.shape, n.shape)) return a;
      if (isConstant(a, 1) && sameShape(b.shape, n.shape)) return b;
      return dropRedundantBroadcast(n, multiply);
    }
    case 'divide':
      if (isConstant(n.inputs[1], 1) && sameShape(n.inputs[0].shape, n.shape)) return n.inputs[0];
      return dropRedundantBroadcast(n, divide);
    case 'add': {
      const [a, b] = n.inputs;
      if (isConstant(b, 0) && sameShape(a.shape, n.shape)) return a;
      if (isConstant(a, 0) && sameShape(b.shape, n.shape)) return b;
      return dropRedundantBroadcast(n, add);
    }
    case 'subtract':
      return dropRedundantBroadcast(n, subtract);
    case 'broadcast': {
      const [a] = n.inputs;
      if (sameShape(a.shape, n.shape)) return a;
      return a.op === 'broadcast' ? broadcast(a.inputs[0], n.shape) : n;
    }
    case 'reshape': {
      const [a] = n.inputs;
      if (sameShape(a.shape, n.shape)) return a;
      return a.op === 'constant' ? constant({ shape: n.shape, data: a.params.value.data }) : n;
    }
    case 'sum':
      return n.params.axes.every((axis) => n.inputs[0].shape[axis] === 1) ? n.inputs[0] : n;
    case 'stopGradient':
      return n.inputs[0]; // it has no effect once the gradients are built
    default:
      return n;
  }
}

/** Removes a broadcast from an operand where the operation broadcasts it anyway. */
function dropRedundantBroadcast(
  n: Node<'add' | 'subtract' | 'multiply' | 'divide'>,
  build: (a: Node, b: Node) => Node,
): Node {
  const source = (operand: Node): Node => (operand.op === 'broadcast' ? operand.inputs[0] : operand);
  const [a, b] = n.inputs;
  if (source(a) === a && source(b) === b) return n;
  const candidates = [
    [source(a), source(b)],
    [source(a), b],
    [a, source(b)],
  ] as const;
  const fitting = candidates.map(([x, y]) => build(x, y)).find((built) => sameShape(built.shape, n.shape));
  return fitting ?? n;
}
