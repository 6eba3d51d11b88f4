import { node } from '../node-builders.js';
import type { Node, OpKind, Ops } from '../op.js';
import { programOutputs, type Program } from '../program.js';
import { topologicalOrder } from '../topological-order.js';

/**
 * Rewrites one node to an equal node of the same shape.
 * @param rebuilt the original node with its inputs already rewritten
 * @param rewrittenOf the rewritten form of a node that `original` depends on
 */
export type RewriteRule = (rebuilt: Node, original: Node, rewrittenOf: (node: Node) => Node) => Node;

/** The program with every node rewritten and common subexpressions merged. */
export function rewriteProgram(program: Program, rule: RewriteRule): Program {
  const rewritten = rewrite(programOutputs(program), rule);
  const rewrittenOf = (original: Node): Node => rewritten.get(original)!;
  return {
    ...program,
    metrics: program.metrics.map((metric) => ({ ...metric, node: rewrittenOf(metric.node) })),
    state: program.state.map((slot) => ({ ...slot, next: rewrittenOf(slot.next) })),
  };
}

/** Rewrites all nodes that `roots` depend on: the rewritten form of each. */
export function rewrite(roots: readonly Node[], rule: RewriteRule): ReadonlyMap<Node, Node> {
  const rewritten = new Map<Node, Node>();
  const rewrittenOf = (original: Node): Node => rewritten.get(original)!;
  const unique = new Map<string, Node>();
  const numbers = new Map<Node, number>();
  const numberOf = (n: Node): number => {
    if (!numbers.has(n)) numbers.set(n, numbers.size);
    return numbers.get(n)!;
  };
  for (const original of topologicalOrder(roots)) {
    const inputs = original.inputs.map(rewrittenOf);
    const changed = inputs.some((n, i) => n !== original.inputs[i]);
    const rebuilt = changed ? node(original.op, inputs as Ops[OpKind]['inputs'], original.params) : original;
    const simpler = rule(rebuilt as Node, original, rewrittenOf);
    const key = structuralKey(simpler, numberOf);
    const known = key === undefined ? undefined : unique.get(key);
    if (known === undefined && key !== undefined) unique.set(key, simpler);
    rewritten.set(original, known ?? simpler);
  }
  return rewritten;
}

/** Equal for nodes of equal operation, inputs and parameters; undefined for nodes that are never merged. */
function structuralKey(n: Node, numberOf: (n: Node) => number): string | undefined {
  if (n.op === 'input') return undefined; // several inputs may have the same name
  if (n.op === 'constant' && n.params.value.data.length > 16) return undefined;
  const params =
    n.op === 'constant'
      ? { shape: n.shape, data: [...n.params.value.data].map((x) => (Object.is(x, -0) ? '-0' : String(x))) }
      : n.params;
  return `${n.op} ${n.inputs.map(numberOf).join(' ')} ${JSON.stringify(params)}`;
}
