import { ELEMENT_TYPES } from './onnx-graph.js';
import { wireFields } from './wire-reader.js';

/** Field numbers of onnx.proto3. */
const GRAPH = 7;
const INITIALIZER = 5;
const TENSOR = { dims: 1, type: 2 } as const;

/** How many numbers the float32 tensors of a model's graph hold; scalars are parts of formulas, not weights. */
export function countWeights(model: Uint8Array): number {
  let count = 0;
  for (const { field, bytes } of wireFields(model)) {
    if (field !== GRAPH) continue;
    for (const part of wireFields(bytes)) if (part.field === INITIALIZER) count += weightsIn(part.bytes);
  }
  return count;
}

function weightsIn(tensor: Uint8Array): number {
  let [rank, size, type] = [0, 1, 0];
  for (const { field, value } of wireFields(tensor)) {
    if (field === TENSOR.type) type = value;
    if (field !== TENSOR.dims) continue;
    rank++;
    size *= value;
  }
  return type === ELEMENT_TYPES.float32 && rank > 0 ? size : 0;
}
