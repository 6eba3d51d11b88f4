import type { Node, OpKind } from '../../../domain/tensor/op.js';
import { programOutputs, type Program } from '../../../domain/tensor/program.js';
import { topologicalOrder } from '../../../domain/tensor/topological-order.js';
import { nextStateName } from './lowering.js';
import type { OnnxGraph, OnnxNode } from '../wire/onnx-graph.js';

/**
 * Returns the same graph, in which the weights that the step itself reads again are updated as soon as their gradient
 * exists. It adds a `Shape` of each new weight, which nothing reads and which costs nothing: onnxruntime runs a graph
 * depth first from its last unread result. docs/performance.md ("Memory") tells how this lowers the peak.
 */
export function scheduleUpdatesEarly(graph: OnnxGraph, program: Program): OnnxGraph {
  const readAgain = new Set(
    topologicalOrder(programOutputs(program)).flatMap((node) =>
      WEIGHT_OPS.has(node.op) ? (node.inputs as readonly Node[]) : [],
    ),
  );
  const updated = program.state.filter(({ current, next }) => next !== current && readAgain.has(next));
  const markers = updated.map(({ name }): OnnxNode => {
    const marker = `${nextStateName(name)}.updated`;
    return { op: 'Shape', name: marker, inputs: [nextStateName(name)], outputs: [marker] };
  });
  return { ...graph, nodes: [...graph.nodes, ...markers] };
}

/** Operations that read weights. */
const WEIGHT_OPS: ReadonlySet<OpKind> = new Set(['conv2d', 'conv2dInputGradient', 'conv2dWeightGradient', 'matmul']);
