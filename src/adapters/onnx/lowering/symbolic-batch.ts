import { int64Tensor, type OnnxGraph, type OnnxNode, type OnnxTensor } from '../wire/onnx-graph.js';

/** Name of the symbolic batch dimension. */
const BATCH_DIM = 'batch';

/**
 * Returns a graph that was built for one row, for any number of rows: axis 0 of its inputs and outputs becomes
 * symbolic. Where the data depend on an input of the graph, a Reshape keeps axis 0 (0 in its shape) and a Slice leaves
 * axis 0 out.
 * @throws Error when a Reshape mixes rows
 */
export function withSymbolicBatch(graph: OnnxGraph): OnnxGraph {
  const rowwise = new Set(graph.inputs.map((input) => input.name));
  const constants = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const added = new Map<string, OnnxTensor>();
  const nodes = graph.nodes.map((node): OnnxNode => {
    if (!node.inputs.some((name) => rowwise.has(name))) return node;
    node.outputs.forEach((name) => rowwise.add(name));
    if (node.op === 'Slice') return sliceWithoutBatchAxis(node);
    if (node.op !== 'Reshape') return node;
    const shape = constants.get(node.inputs[1]!);
    const lengths = shape && Array.from(shape.data as BigInt64Array, Number);
    if (lengths?.[0] !== 1) throw new Error(`${node.name ?? node.op} does not keep the batch axis: [${lengths}]`);
    const name = `${shape!.name}_any_batch`;
    added.set(name, int64Tensor(name, [0, ...lengths.slice(1)]));
    return { ...node, inputs: [node.inputs[0]!, name] };
  });
  function sliceWithoutBatchAxis(node: OnnxNode): OnnxNode {
    if (node.inputs.length > 3) return node; // it names its axes, and axis 0 is not among them
    const [x, ...bounds] = node.inputs as readonly [string, string, string];
    const lengths = bounds.map((name) => Array.from(constants.get(name)!.data as BigInt64Array, Number));
    const withoutBatch = lengths.map((each) => each.slice(1));
    const names = [...withoutBatch, withoutBatch[0]!.map((_, i) => i + 1)].map((values) => {
      const name = `ints_within_${values.join('_')}`;
      added.set(name, int64Tensor(name, values));
      return name;
    });
    return { ...node, inputs: [x, ...names] };
  }
  const withBatchDim = <T extends { readonly dims: readonly (number | string)[] }>(value: T): T => ({
    ...value,
    dims: [BATCH_DIM, ...value.dims.slice(1)],
  });
  return {
    name: graph.name,
    nodes,
    initializers: [...graph.initializers, ...added.values()],
    inputs: graph.inputs.map(withBatchDim),
    outputs: graph.outputs.map(withBatchDim),
  };
}
