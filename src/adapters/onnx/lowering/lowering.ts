import type { Node, OpKind } from '../../../domain/tensor/op.js';
import type { Program } from '../../../domain/tensor/program.js';
import { topologicalOrder } from '../../../domain/tensor/topological-order.js';
import { GraphBuilder } from './graph-builder.js';
import { loweringRules, type LoweringRule } from './lowering-rules.js';
import type { OnnxGraph } from '../wire/onnx-graph.js';

/** Name of the graph output that holds the next value of a state tensor. */
export const nextStateName = (state: string): string => `next.${state}`;

/** Lowers the nodes of one program to ONNX. Each node comes after its inputs. */
export interface NodeLowering {
  lower(node: Node): void;
  /** Name of the ONNX value of a node that was lowered, in the plain layout that ONNX defines. */
  plainName(node: Node): string;
}

/** Creates the lowering for an execution provider. */
export type CreateNodeLowering = (builder: GraphBuilder, useCount: UseCount) => NodeLowering;

/** How many times other nodes and the program's outputs use a node's value. */
export type UseCount = (node: Node) => number;

/** Lowers each operation by its rule. */
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
 * Lowers a tensor program to one ONNX graph. The inputs are the feeds and the state under their names. The outputs are
 * the metrics under their names and the next state as `next.<name>`.
 * @param parts the part of the program that a node belongs to, which becomes a prefix of its operations' names
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
