import { node } from '../node-builders.js';
import type { Node, OpKind, Ops } from '../op.js';
import { programOutputs, type Program } from '../program.js';
import { topologicalOrder } from '../topological-order.js';

/**
 * Says an operation more simply, with inputs that are rewritten already; `original` is as it was. Its shape stays.
 * @param at what became of a node that `original` reaches
 */
export type RewriteRule = (rebuilt: Node, original: Node, at: (node: Node) => Node) => Node;

/** The program with each operation rewritten, and nodes that say the same thing made one. */
export function rewriteProgram(program: Program, rule: RewriteRule): Program {
  const rewritten = rewrite(programOutputs(program), rule);
  const at = (original: Node): Node => rewritten.get(original)!;
  return {
    ...program,
    metrics: program.metrics.map((metric) => ({ ...metric, node: at(metric.node) })),
    state: program.state.map((slot) => ({ ...slot, next: at(slot.next) })),
  };
}

/** Each node that `roots` reach, with what became of it. */
export function rewrite(roots: readonly Node[], rule: RewriteRule): ReadonlyMap<Node, Node> {
  const rewritten = new Map<Node, Node>();
  const at = (original: Node): Node => rewritten.get(original)!;
  const unique = new Map<string, Node>();
  const numbers = new Map<Node, number>();
  const numberOf = (n: Node): number => {
    if (!numbers.has(n)) numbers.set(n, numbers.size);
    return numbers.get(n)!;
  };
  for (const original of topologicalOrder(roots)) {
    const inputs = original.inputs.map(at);
    const changed = inputs.some((n, i) => n !== original.inputs[i]);
    const rebuilt = changed ? node(original.op, inputs as Ops[OpKind]['inputs'], original.params) : original;
    const simpler = rule(rebuilt as Node, original, at);
    const key = structuralKey(simpler, numberOf);
    const known = key === undefined ? undefined : unique.get(key);
    if (known === undefined && key !== undefined) unique.set(key, simpler);
    rewritten.set(original, known ?? simpler);
  }
  return rewritten;
}

/** Equal for nodes that compute the same thing; undefined for those that are never merged. */
function structuralKey(n: Node, numberOf: (n: Node) => number): string | undefined {
  if (n.op === 'input') return undefined; // an input is itself, whatever it is called
  if (n.op === 'constant' && n.params.value.data.length > 16) return undefined;
  const params =
    n.op === 'constant'
      ? { shape: n.shape, data: [...n.params.value.data].map((x) => (Object.is(x, -0) ? '-0' : String(x))) }
      : n.params;
  return `${n.op} ${n.inputs.map(numberOf).join(' ')} ${JSON.stringify(params)}`;
}
