import { add, broadcast, constant, divide, isConstant, multiply, node, subtract } from './build.js';
import type { Node, OpKind, Ops } from './op.js';
import type { Program } from './program.js';
import { sameShape } from './tensor.js';
import { topological } from './walk.js';

/**
 * An equal program with less work in it: nodes that say the same thing become one, and operations that change nothing
 * go. Differentiation leaves many of both behind.
 */
export function simplifyProgram(program: Program): Program {
  const rewritten = simplify([
    ...program.metrics.map((metric) => metric.node),
    ...program.state.map((slot) => slot.next),
  ]);
  const at = (original: Node): Node => rewritten.get(original)!;
  return {
    ...program,
    metrics: program.metrics.map((metric) => ({ ...metric, node: at(metric.node) })),
    state: program.state.map((slot) => ({ ...slot, next: at(slot.next) })),
  };
}

/** Each node that `roots` reach, with its simpler equal. */
export function simplify(roots: readonly Node[]): ReadonlyMap<Node, Node> {
  const rewritten = new Map<Node, Node>();
  const unique = new Map<string, Node>();
  const numbers = new Map<Node, number>();
  const numberOf = (n: Node): number => {
    if (!numbers.has(n)) numbers.set(n, numbers.size);
    return numbers.get(n)!;
  };
  for (const original of topological(roots)) {
    const inputs = original.inputs.map((i) => rewritten.get(i)!);
    const changed = inputs.some((n, i) => n !== original.inputs[i]);
    const rebuilt = changed ? node(original.op, inputs as Ops[OpKind]['inputs'], original.params) : original;
    const simpler = reduce(rebuilt as Node);
    const key = sayingOf(simpler, numberOf);
    const known = key === undefined ? undefined : unique.get(key);
    if (known === undefined && key !== undefined) unique.set(key, simpler);
    rewritten.set(original, known ?? simpler);
  }
  return rewritten;
}

/** Equal for nodes that compute the same thing; undefined for those that are never merged. */
function sayingOf(n: Node, numberOf: (n: Node) => number): string | undefined {
  if (n.op === 'input') return undefined; // an input is itself, whatever it is called
  if (n.op === 'constant' && n.params.value.data.length > 16) return undefined;
  const params =
    n.op === 'constant'
      ? { shape: n.shape, data: [...n.params.value.data].map((x) => (Object.is(x, -0) ? '-0' : String(x))) }
      : n.params;
  return `${n.op} ${n.inputs.map(numberOf).join(' ')} ${JSON.stringify(params)}`;
}

/** One step of rewriting at the root of `n`. Its shape stays. */
function reduce(n: Node): Node {
  switch (n.op) {
    case 'multiply': {
      const [a, b] = n.inputs;
      if (isConstant(b, 1) && sameShape(a.shape, n.shape)) return a;
      if (isConstant(a, 1) && sameShape(b.shape, n.shape)) return b;
      return unstretched(n, multiply);
    }
    case 'divide':
      if (isConstant(n.inputs[1], 1) && sameShape(n.inputs[0].shape, n.shape)) return n.inputs[0];
      return unstretched(n, divide);
    case 'add': {
      const [a, b] = n.inputs;
      if (isConstant(b, 0) && sameShape(a.shape, n.shape)) return a;
      if (isConstant(a, 0) && sameShape(b.shape, n.shape)) return b;
      return unstretched(n, add);
    }
    case 'subtract':
      return unstretched(n, subtract);
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
function unstretched(n: Node<'add' | 'subtract' | 'multiply' | 'divide'>, build: (a: Node, b: Node) => Node): Node {
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
