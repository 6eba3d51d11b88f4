import { ELEMENT_TYPES } from '../wire/onnx-graph.js';
import { isQuantizationParameter } from './reduced-precision.js';
import { decodeUtf8, wireFields } from '../wire/wire-reader.js';

/** Field numbers of onnx.proto3. */
const GRAPH = 7;
const INITIALIZER = 5;
const TENSOR = { dims: 1, type: 2, name: 8 } as const;

/**
 * How many numbers the tensors of a model's graph hold that are float32 or kept smaller; scalars are parts of formulas
 * and channels' numbers parts of smaller weights, not weights.
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
