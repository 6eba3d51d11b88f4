import { add, divide, exp, max, node, sigmoid, stopGradient, subtract, sum } from '../node-builders.js';
import type { Node, OpKind, Ops } from '../op.js';
import type { Program } from '../program.js';
import { sameShape } from '../tensor.js';
import { topologicalOrder } from '../topological-order.js';

type Comparison = Node<'greater' | 'greaterOrEqual'>;

/**
 * A program with the same values and with gradients through its comparisons, by the straight-through estimator (Bengio,
 * Leonard, Courville 2013): backward, a comparison is the sigmoid of the difference and an argmax is a softmax.
 * Without it the gradient of a generator that chooses notes would be 0.
 * @param staysHard which comparisons keep a gradient of 0, by default none; nodes that depend only on them do, too
 */
export const straightThrough = (program: Program, staysHard = neverHard): Program =>
  rebuildProgram(program, staysHard, straightThroughEstimate);

/** A program whose comparisons are sigmoids and whose argmaxes are softmaxes in the forward pass, too: other values. */
export const relaxed = (program: Program, staysHard = neverHard): Program =>
  rebuildProgram(program, staysHard, (_hard, soft) => soft);

type IsHard = (comparison: Node) => boolean;
const neverHard: IsHard = () => false;
type CombineHardSoft = (hard: Node, soft: Node) => Node;

function rebuildProgram(program: Program, staysHard: IsHard, combine: CombineHardSoft): Program {
  const relaxedNodes = new Map<Node, Node>();
  const differentiable = new Set<Node>(program.feeds);
  for (const original of topologicalOrder(program.metrics.map((metric) => metric.node))) {
    const inputs = original.inputs.map((i) => relaxedNodes.get(i)!);
    const changed = inputs.some((n, i) => n !== original.inputs[i]);
    const copy = changed ? (node(original.op, inputs as Ops[OpKind]['inputs'], original.params) as Node) : original;
    const isHard = isComparison(original) && staysHard(original);
    if (!isHard && original.inputs.some((i) => differentiable.has(i))) differentiable.add(original);
    const isRelaxed = differentiable.has(original);
    relaxedNodes.set(original, isRelaxed ? relaxNode(original, copy, relaxedNodes, combine) : copy);
  }
  const metrics = program.metrics.map((metric) => ({ ...metric, node: relaxedNodes.get(metric.node)! }));
  return { ...program, metrics };
}

const isComparison = (n: Node): n is Comparison => n.op === 'greater' || n.op === 'greaterOrEqual';

function relaxNode(original: Node, copy: Node, relaxedNodes: ReadonlyMap<Node, Node>, combine: CombineHardSoft): Node {
  if (isComparison(copy)) return combine(copy, sigmoid(subtract(copy.inputs[0], copy.inputs[1])));
  const argmax = matchFirstArgmax(original);
  return argmax === undefined ? copy : combine(copy, softmax(relaxedNodes.get(argmax.logits)!, argmax.axes));
}

/** The value of `hard` in the forward pass, the gradient of `soft` in the backward pass. */
const straightThroughEstimate = (hard: Node, soft: Node): Node => add(soft, stopGradient(subtract(hard, soft)));

/** Matches a one-hot argmax: (x >= max x) times a comparison that keeps the first maximum. */
function matchFirstArgmax({ op, inputs }: Node): { logits: Node; axes: readonly number[] } | undefined {
  const [isMaximum, isFirst] = inputs as readonly Node[];
  if (op !== 'multiply' || isMaximum!.op !== 'greaterOrEqual' || !isComparison(isFirst!)) return undefined;
  const [logits, maximum] = isMaximum!.inputs as readonly [Node, Node];
  const sides: readonly Node[] = isFirst.inputs;
  const usesMaxima = sides.some((side) => (side.inputs as readonly Node[]).includes(isMaximum!));
  if (maximum.op !== 'max' || maximum.inputs[0] !== logits || !usesMaxima) return undefined;
  if (!sameShape(isFirst.shape, isMaximum!.shape)) return undefined;
  return { logits, axes: (maximum as Node<'max'>).params.axes };
}

function softmax(x: Node, axes: readonly number[]): Node {
  const exponentials = exp(subtract(x, stopGradient(max(x, axes))));
  return divide(exponentials, sum(exponentials, axes));
}
