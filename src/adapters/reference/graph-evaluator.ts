import type { Node } from '../../domain/tensor/op.js';
import { topologicalOrder } from '../../domain/tensor/topological-order.js';
import type { YieldToEventLoop } from '../../ports/event-loop.js';
import { convolution } from './convolution.js';
import { elementwise } from './elementwise.js';
import type { ComputedOpKind, Kernels, Values } from './kernel.js';
import { movement } from './movement.js';
import { reduction } from './reduction.js';

/** The values of some nodes, given those of the inputs they reach. */
type GraphEvaluator = (feedOf: (input: Node<'input'>) => Values) => readonly Values[];

/** One kernel an operation. */
const kernels: Kernels<ComputedOpKind> = {
  constant: (_inputs, { params: { value } }) => Float64Array.from(value.data),
  ...elementwise,
  ...movement,
  ...reduction,
  ...convolution,
};

/** Plans the evaluation of `roots`: an order, and after which node each value is needed no more. */
export function createGraphEvaluator(roots: readonly Node[]): GraphEvaluator {
  const evaluation = planEvaluation(roots);
  return (feedOf) => {
    const nodes = evaluation(feedOf);
    for (let next = nodes.next(); ; next = nodes.next()) if (next.done) return next.value;
  };
}

/** The same, with turns for others in between: a step can take minutes, and Ctrl-C must be heard. */
export function createYieldingEvaluator(
  roots: readonly Node[],
  yieldToEventLoop: YieldToEventLoop,
): (...args: Parameters<GraphEvaluator>) => Promise<readonly Values[]> {
  const evaluation = planEvaluation(roots);
  return async (feedOf) => {
    const nodes = evaluation(feedOf);
    let lastTurn = performance.now();
    for (let next = nodes.next(); ; next = nodes.next()) {
      if (next.done) return next.value;
      if (performance.now() - lastTurn < YIELD_INTERVAL_MS) continue;
      await yieldToEventLoop();
      lastTurn = performance.now();
    }
  };
}

const YIELD_INTERVAL_MS = 50;

/** Pauses after each node. */
function planEvaluation(
  roots: readonly Node[],
): (...args: Parameters<GraphEvaluator>) => Generator<void, readonly Values[]> {
  const order = topologicalOrder(roots);
  const kept = new Set(roots);
  const lastUser = new Map<Node, Node>();
  for (const node of order) for (const input of node.inputs) lastUser.set(input, node);

  return function* (feedOf) {
    const values = new Map<Node, Values>();
    for (const node of order) {
      values.set(node, node.op === 'input' ? feedOf(node) : compute(node, values));
      for (const input of node.inputs) if (lastUser.get(input) === node && !kept.has(input)) values.delete(input);
      yield;
    }
    return roots.map((root) => values.get(root)!);
  };
}

function compute(node: Node<ComputedOpKind>, values: ReadonlyMap<Node, Values>): Values {
  const kernel = kernels[node.op] as (inputs: readonly Values[], node: Node) => Values;
  return kernel(
    node.inputs.map((input) => values.get(input)!),
    node,
  );
}
