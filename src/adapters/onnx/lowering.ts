import type { Node, OpKind } from '../../domain/tensor/op.js';
import type { Program } from '../../domain/tensor/program.js';
import { topological } from '../../domain/tensor/walk.js';
import { GraphBuilder } from './graph-builder.js';
import { lowerings } from './lowering-rules.js';
import type { OnnxGraph } from './onnx-graph.js';

/** What the next value of a state tensor is called among the graph's outputs. */
export const nextName = (state: string): string => `next.${state}`;

/**
 * A tensor program as one ONNX graph. Inputs are the feeds and the state by their names; outputs are the metrics by
 * their names and the next state as `next.<name>`. `rules`: how a provider wants its operations written.
 */
export function lowerProgram(program: Program, rules = lowerings): OnnxGraph {
  const outputs = [
    ...program.metrics.map(({ name, node }) => ({ name, node })),
    ...program.state.map(({ name, next }) => ({ name: nextName(name), node: next })),
  ];
  const inputs = [...program.feeds, ...program.state.map((slot) => slot.current)];
  const builder = new GraphBuilder(program.name);
  for (const { params } of inputs) builder.input(params.name, params.shape);
  const names = new Map<Node, string>();
  for (const node of topological(outputs.map((output) => output.node)))
    names.set(node, lower(node, names, builder, rules));
  for (const { name, node } of outputs) builder.output(name, node.shape, names.get(node)!);
  return builder.finish();
}

function lower(node: Node, names: ReadonlyMap<Node, string>, builder: GraphBuilder, rules: typeof lowerings): string {
  const rule = rules[node.op] as (node: Node, inputs: readonly string[], builder: GraphBuilder) => string;
  const inputs = (node.inputs as readonly Node<OpKind>[]).map((input) => names.get(input)!);
  return rule(node, inputs, builder);
}
