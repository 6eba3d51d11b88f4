import { ELEMENT_TYPES } from '../wire/onnx-graph.js';
import { isQuantizationParameter } from './reduced-precision.js';
import { decodeUtf8, wireFields } from '../wire/wire-reader.js';

/** Field numbers of onnx.proto3. */
const GRAPH = 7;
const INITIALIZER = 5;
const TENSOR = { dims: 1, type: 2, name: 8 } as const;

/**
 * Counts the numbers in the float32, float16 and int8 tensors of a model's graph. Scalars belong to formulas, and
 * scales of channels to quantized weights; they are not counted.
 */
export function countParameters(model: Uint8Array): number {
  let count = 0;
  for (const { field, bytes } of wireFields(model)) {
    if (field !== GRAPH) continue;
    for (const part of wireFields(bytes)) if (part.field === INITIALIZER) count += parametersIn(part.bytes);
  }
  return count;
}

function parametersIn(tensor: Uint8Array): number {
  let [rank, size, type, name] = [0, 1, 0, ''];
  for (const { field, value, bytes } of wireFields(tensor)) {
    if (field === TENSOR.type) type = value;
    if (field === TENSOR.name) name = decodeUtf8(bytes);
    if (field !== TENSOR.dims) continue;
    rank++;
    size *= value;
  }
  return WEIGHT_TYPES.has(type) && rank > 0 && !isQuantizationParameter(name) ? size : 0;
}

const WEIGHT_TYPES: ReadonlySet<number> = new Set([ELEMENT_TYPES.float32, ELEMENT_TYPES.float16, ELEMENT_TYPES.int8]);
