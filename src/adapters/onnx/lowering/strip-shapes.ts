import type { OnnxGraph, OnnxValue } from '../wire/onnx-graph.js';

/**
 * Returns the same graph without the shape of any value. Inputs and outputs lose theirs, and the target shape of each
 * Reshape becomes an input with a default value, which onnxruntime does not treat as a constant. So it plans no memory:
 * a training step takes half of it, and 6,000 operations open six seconds sooner (docs/performance.md, "Memory").
 */
export function stripShapes(graph: OnnxGraph): OnnxGraph {
  const shapes = new Set(graph.nodes.filter(({ op }) => op === 'Reshape').map(({ inputs }) => inputs[1]!));
  const withDefault = graph.initializers.filter(({ name }) => shapes.has(name));
  const ofAnyShape = (value: OnnxValue): OnnxValue => ({ ...value, isOfAnyShape: true });
  return {
    ...graph,
    inputs: [...graph.inputs, ...withDefault.map(({ name, type, dims }) => ({ name, type, dims }))].map(ofAnyShape),
    outputs: graph.outputs.map(ofAnyShape),
  };
}
