import type { Node, OpKind } from '../../../domain/tensor/op.js';
import type { Program } from '../../../domain/tensor/program.js';
import { topologicalOrder } from '../../../domain/tensor/topological-order.js';
import { GraphBuilder } from './graph-builder.js';
import { loweringRules, type LoweringRule } from './lowering-rules.js';
import type { OnnxGraph } from '../wire/onnx-graph.js';

/** What the next value of a state tensor is called among the graph's outputs. */
export const nextStateName = (state: string): string => `next.${state}`;

/** Writes the nodes of one program, inputs before their users. */
export interface NodeLowering {
  lower(node: Node): void;
  /** Name of the value of a node that was written. */
  plainName(node: Node): string;
}

/** How a provider wants its operations written. */
export type CreateNodeLowering = (builder: GraphBuilder, uses: UseCount) => NodeLowering;

/** How often a node's value is wanted, by other nodes and as an output. */
export type UseCount = (node: Node) => number;

/** Each operation by its rule. */
export const createRuleLowering =
  (rules: typeof loweringRules): CreateNodeLowering =>
  (builder) => {
    const names = new Map<Node, string>();
    const plainName = (node: Node): string => names.get(node)!;
    return {
      lower(node) {
        const rule = rules[node.op] as LoweringRule<OpKind>;
        names.set(node, rule(node, (node.inputs as readonly Node[]).map(plainName), builder));
      },
      plainName,
    };
  };

/**
 * A tensor program as one ONNX graph. Inputs are the feeds and the state by their names; outputs are the metrics by
 * their names and the next state as `next.<name>`.
 * @param parts names of parts of the program, which the names of their operations begin with
 */
export function lowerProgram(
  program: Program,
  lowerNodes = createRuleLowering(loweringRules),
  parts: ReadonlyMap<Node, string> = new Map(),
): OnnxGraph {
  const outputs = [
    ...program.metrics.map(({ name, node }) => ({ name, node })),
    ...program.state.map(({ name, next }) => ({ name: nextStateName(name), node: next })),
  ];
  const inputs = [...program.feeds, ...program.state.map((slot) => slot.current)];
  const builder = new GraphBuilder(program.name);
  for (const { params } of inputs) builder.input(params.name, params.shape);
  const roots = outputs.map((output) => output.node);
  const order = topologicalOrder(roots);
  const nodes = lowerNodes(builder, countUses(order, roots));
  for (const node of order) {
    builder.namePrefix = parts.get(node) ?? '';
    nodes.lower(node);
  }
  for (const { name, node } of outputs) builder.output(name, node.shape, nodes.plainName(node));
  return builder.finish();
}

function countUses(order: readonly Node[], roots: readonly Node[]): UseCount {
  const counts = new Map<Node, number>();
  for (const used of [...roots, ...order.flatMap((node) => node.inputs as readonly Node[])])
    counts.set(used, (counts.get(used) ?? 0) + 1);
  return (node) => counts.get(node) ?? 0;
}
