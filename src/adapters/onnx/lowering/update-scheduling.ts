import type { Node, OpKind } from '../../../domain/tensor/op.js';
import { programOutputs, type Program } from '../../../domain/tensor/program.js';
import { topologicalOrder } from '../../../domain/tensor/topological-order.js';
import { nextStateName } from './lowering.js';
import type { OnnxGraph, OnnxNode } from '../wire/onnx-graph.js';

/**
 * The same graph, in which weights that the step itself goes on with are updated as soon as their gradient is there.
 *
 * onnxruntime runs a graph depth first: from the last result that no operation reads to the first, and of the operands of an operation
 * the one computed last in the graph before the others. So a discriminator's update would begin where the passes after it want the first
 * filter, and each layer's new filters would wait, beside all that the backward pass holds, for theirs. A `Shape` of the new
 * weights, which nobody reads, is such a last result and costs nothing: with it the updates come first, those of the last layers before
 * those of the first, as a backward pass comes to them.
 */
export function scheduleUpdatesEarly(graph: OnnxGraph, program: Program): OnnxGraph {
  const read = new Set(
    topologicalOrder(programOutputs(program)).flatMap((node) =>
      WEIGHT_OPS.has(node.op) ? (node.inputs as readonly Node[]) : [],
    ),
  );
  const updated = program.state.filter(({ current, next }) => next !== current && read.has(next));
  const ends = updated.map(({ name }): OnnxNode => {
    const end = `${nextStateName(name)}.updated`;
    return { op: 'Shape', name: end, inputs: [nextStateName(name)], outputs: [end] };
  });
  return { ...graph, nodes: [...graph.nodes, ...ends] };
}

/** What reads weights. */
const WEIGHT_OPS: ReadonlySet<OpKind> = new Set(['conv2d', 'conv2dInputGradient', 'conv2dWeightGradient', 'matmul']);
