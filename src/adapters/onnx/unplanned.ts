import { int64Tensor, type OnnxGraph, type OnnxNode, type OnnxTensor } from './onnx-graph.js';

/** A length that the graph does not tell. */
const UNKNOWN = '';

/**
 * The same graph without the first length of any tensor: inputs do not tell it, and a Reshape works it out. onnxruntime plans ahead
 * which tensors of equal shapes share memory, and such memory is not given back in between, while that of shapes it does not know
 * is free for any other tensor as soon as the last reader is done: a training step takes half of the memory so.
 */
export function unplanned(graph: OnnxGraph): OnnxGraph {
  const constants = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const added = new Map<string, OnnxTensor>();
  const worksItOut = (node: OnnxNode): OnnxNode => {
    const shape = node.op === 'Reshape' ? constants.get(node.inputs[1]!) : undefined;
    if (shape === undefined || shape.dims[0] === 0) return node;
    const name = `${shape.name}_unplanned`;
    added.set(name, int64Tensor(name, [-1, ...Array.from(shape.data as BigInt64Array, Number).slice(1)]));
    return { ...node, inputs: [node.inputs[0]!, name] };
  };
  return {
    ...graph,
    nodes: graph.nodes.map(worksItOut),
    initializers: [...graph.initializers, ...added.values()],
    inputs: graph.inputs.map((value) => ({ ...value, dims: value.dims.map((n, axis) => (axis === 0 ? UNKNOWN : n)) })),
    outputs: graph.outputs.map((value) => ({
      ...value,
      dims: value.dims.map((n, axis) => (axis === 0 ? UNKNOWN : n)),
    })),
  };
}
