import { add, broadcast, constant, divide, isConstant, multiply, subtract } from '../node-builders.js';
import type { Node } from '../op.js';
import type { Program } from '../program.js';
import { rewrite, rewriteProgram } from './rewrite.js';
import { sameShape } from '../tensor.js';

/**
 * An equal program with less work in it: nodes that say the same thing become one, and operations that change nothing
 * go. Differentiation leaves many of both behind.
 */
export const simplifyProgram = (program: Program): Program => rewriteProgram(program, simplifyNode);

/** Each node that `roots` reach, with its simpler equal. */
export const simplify = (roots: readonly Node[]): ReadonlyMap<Node, Node> => rewrite(roots, simplifyNode);

/** One step of rewriting at the root of `n`. Its shape stays. */
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
      return n.inputs[0]; // it has done its work once the gradients are built
    default:
      return n;
  }
}

/** Takes a broadcast operand as it was before it was stretched, where the operation stretches it anyway. */
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
