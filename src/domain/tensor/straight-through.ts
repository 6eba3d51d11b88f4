import { add, node, sigmoid, stopGradient, subtract } from './build.js';
import type { Node, OpKind, Ops } from './op.js';
import type { Program } from './program.js';
import { topological } from './walk.js';

/**
 * A program of the same values whose comparisons can be differentiated: forward a comparison is as hard as before, backward
 * it is the sigmoid of the difference (the straight-through estimator, Bengio, Leonard, Courville 2013). Without it a
 * generator that chooses its notes would have no slope towards other notes.
 */
export function straightThrough(program: Program): Program {
  const eased = new Map<Node, Node>();
  for (const original of topological(program.metrics.map((metric) => metric.node))) {
    const inputs = original.inputs.map((i) => eased.get(i)!);
    const changed = inputs.some((n, i) => n !== original.inputs[i]);
    const rebuilt = changed ? (node(original.op, inputs as Ops[OpKind]['inputs'], original.params) as Node) : original;
    eased.set(original, isComparison(rebuilt) ? ease(rebuilt) : rebuilt);
  }
  return { ...program, metrics: program.metrics.map((metric) => ({ ...metric, node: eased.get(metric.node)! })) };
}

const isComparison = (n: Node): n is Node<'greater' | 'greaterOrEqual'> =>
  n.op === 'greater' || n.op === 'greaterOrEqual';

/** soft + stopGradient(hard - soft) */
function ease(hard: Node<'greater' | 'greaterOrEqual'>): Node {
  const [a, b] = hard.inputs;
  const soft = sigmoid(subtract(a, b));
  return add(soft, stopGradient(subtract(hard, soft)));
}
