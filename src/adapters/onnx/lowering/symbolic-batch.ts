import { int64Tensor, type OnnxGraph, type OnnxNode, type OnnxTensor } from '../wire/onnx-graph.js';

export const BATCH_DIM = 'batch';

/**
 * The same graph for any number of rows: axis 0 of its inputs and outputs becomes symbolic. The graph was built for one
 * row; wherever their input depends on an input of the graph, the two operations that say so are told otherwise: Reshape keeps axis 0 (0 in
 * its shape), and Slice cuts the other axes only.
 */
export function withSymbolicBatch(graph: OnnxGraph): OnnxGraph {
  const rowwise = new Set(graph.inputs.map((input) => input.name));
  const constants = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const added = new Map<string, OnnxTensor>();
  const nodes = graph.nodes.map((node): OnnxNode => {
    if (!node.inputs.some((name) => rowwise.has(name))) return node;
    node.outputs.forEach((name) => rowwise.add(name));
    if (node.op === 'Slice') return slicedWithin(node);
    if (node.op !== 'Reshape') return node;
    const shape = constants.get(node.inputs[1]!);
    const lengths = shape && Array.from(shape.data as BigInt64Array, Number);
    if (lengths?.[0] !== 1) throw new Error(`${node.name ?? node.op} does not keep the batch axis: [${lengths}]`);
    const kept = `${shape!.name}_any_batch`;
    added.set(kept, int64Tensor(kept, [0, ...lengths.slice(1)]));
    return { ...node, inputs: [node.inputs[0]!, kept] };
  });
  function slicedWithin(node: OnnxNode): OnnxNode {
    if (node.inputs.length > 3) return node; // it names its axes, and axis 0 is none of them
    const [x, ...bounds] = node.inputs as readonly [string, string, string];
    const lengths = bounds.map((name) => Array.from(constants.get(name)!.data as BigInt64Array, Number));
    const others = lengths.map((each) => each.slice(1));
    const names = [...others, others[0]!.map((_, i) => i + 1)].map((values) => {
      const name = `ints_within_${values.join('_')}`;
      added.set(name, int64Tensor(name, values));
      return name;
    });
    return { ...node, inputs: [x, ...names] };
  }
  const any = <T extends { readonly dims: readonly (number | string)[] }>(value: T): T => ({
    ...value,
    dims: [BATCH_DIM, ...value.dims.slice(1)],
  });
  return {
    name: graph.name,
    nodes,
    initializers: [...graph.initializers, ...added.values()],
    inputs: graph.inputs.map(any),
    outputs: graph.outputs.map(any),
  };
}
