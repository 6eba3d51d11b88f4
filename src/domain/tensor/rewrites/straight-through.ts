import { add, divide, exp, max, node, sigmoid, stopGradient, subtract, sum } from '../node-builders.js';
import type { Node, OpKind, Ops } from '../op.js';
import type { Program } from '../program.js';
import { sameShape } from '../tensor.js';
import { topologicalOrder } from '../topological-order.js';

type Comparison = Node<'greater' | 'greaterOrEqual'>;

/**
 * A program of the same values whose comparisons can be differentiated: forward a comparison is as hard as before, backward
 * it is the sigmoid of the difference, and the choice of the largest, and of equal ones the first, is softmax (the
 * straight-through estimator, Bengio, Leonard, Courville 2013). Without it a generator that chooses its notes would have no
 * slope towards other notes.
 * @param staysHard which comparisons keep no slope; none by default. What is computed from them alone keeps none either
 */
export const straightThrough = (program: Program, staysHard = neverHard): Program =>
  rebuildProgram(program, staysHard, straightThroughEstimate);

/** The same with the soft in place of the hard forward as well: a smooth function, whose values are others. */
export const relaxed = (program: Program, staysHard = neverHard): Program =>
  rebuildProgram(program, staysHard, (_hard, soft) => soft);

type IsHard = (comparison: Node) => boolean;
const neverHard: IsHard = () => false;
type CombineHardSoft = (hard: Node, soft: Node) => Node;

function rebuildProgram(program: Program, staysHard: IsHard, join: CombineHardSoft): Program {
  const eased = new Map<Node, Node>();
  const sloped = new Set<Node>(program.feeds);
  for (const original of topologicalOrder(program.metrics.map((metric) => metric.node))) {
    const inputs = original.inputs.map((i) => eased.get(i)!);
    const changed = inputs.some((n, i) => n !== original.inputs[i]);
    const copy = changed ? (node(original.op, inputs as Ops[OpKind]['inputs'], original.params) as Node) : original;
    const hard = isComparison(original) && staysHard(original);
    if (!hard && original.inputs.some((i) => sloped.has(i))) sloped.add(original);
    eased.set(original, sloped.has(original) ? relaxNode(original, copy, eased, join) : copy);
  }
  return { ...program, metrics: program.metrics.map((metric) => ({ ...metric, node: eased.get(metric.node)! })) };
}

const isComparison = (n: Node): n is Comparison => n.op === 'greater' || n.op === 'greaterOrEqual';

function relaxNode(original: Node, copy: Node, eased: ReadonlyMap<Node, Node>, join: CombineHardSoft): Node {
  if (isComparison(copy)) return join(copy, sigmoid(subtract(copy.inputs[0], copy.inputs[1])));
  const choice = matchFirstArgmax(original);
  return choice === undefined ? copy : join(copy, softmax(eased.get(choice.of)!, choice.axes));
}

/** Forward `hard`, backward `soft`. */
const straightThroughEstimate = (hard: Node, soft: Node): Node => add(soft, stopGradient(subtract(hard, soft)));

/** x >= max x, times a comparison that lets only the first of the largest through. */
function matchFirstArgmax({ op, inputs }: Node): { readonly of: Node; readonly axes: readonly number[] } | undefined {
  const [largest, first] = inputs as readonly Node[];
  if (op !== 'multiply' || largest!.op !== 'greaterOrEqual' || !isComparison(first!)) return undefined;
  const [of, most] = largest!.inputs as readonly [Node, Node];
  const sides: readonly Node[] = first.inputs;
  const within = sides.some((side) => (side.inputs as readonly Node[]).includes(largest!));
  if (most.op !== 'max' || most.inputs[0] !== of || !within || !sameShape(first.shape, largest!.shape))
    return undefined;
  return { of, axes: (most as Node<'max'>).params.axes };
}

function softmax(x: Node, axes: readonly number[]): Node {
  const powers = exp(subtract(x, stopGradient(max(x, axes))));
  return divide(powers, sum(powers, axes));
}
