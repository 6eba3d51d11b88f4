import { ELEMENT_TYPES } from '../wire/onnx-graph.js';
import { decodeShortText, wireFields } from '../wire/wire-reader.js';

/** Field numbers of onnx.proto3. */
const MODEL_GRAPH = 7;
const GRAPH = { node: 1, initializer: 5 } as const;
const NODE = { op: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, ints: 8 } as const;
const TENSOR = { type: 2 } as const;

/**
 * Whether onnxruntime should optimize a generator's graph when it opens it. That more than halves the time of 2D
 * convolutions, and converts weights of reduced precision to float32 once. A network along time, whose kernels are one
 * row high, would take 60 ms to open instead of 20 and run no faster.
 */
export function needsGraphOptimization(model: Uint8Array): boolean {
  for (const { field, bytes: graph } of wireFields(model)) {
    if (field !== MODEL_GRAPH) continue;
    for (const { field: kind, bytes } of wireFields(graph)) {
      if (kind === GRAPH.node && isImageConvolution(bytes)) return true;
      if (kind === GRAPH.initializer && isReducedPrecision(bytes)) return true;
    }
  }
  return false;
}

/** A convolution with a kernel more than one row high. */
function isImageConvolution(node: Uint8Array): boolean {
  let isConvolution = false;
  let rows = 1;
  for (const { field, bytes } of wireFields(node)) {
    if (field === NODE.op) isConvolution = decodeShortText(bytes) === 'Conv';
    if (field === NODE.attribute) rows = kernelRows(bytes) ?? rows;
  }
  return isConvolution && rows > 1;
}

function kernelRows(attribute: Uint8Array): number | undefined {
  let isKernel = false;
  let first: number | undefined;
  for (const { field, value, bytes } of wireFields(attribute)) {
    if (field === ATTRIBUTE.name) isKernel = decodeShortText(bytes) === 'kernel_shape';
    if (field === ATTRIBUTE.ints) first ??= value;
  }
  return isKernel ? first : undefined;
}

const isReducedPrecision = (tensor: Uint8Array): boolean =>
  [...wireFields(tensor)].some(({ field, value }) => field === TENSOR.type && REDUCED_PRECISION_TYPES.has(value));

const REDUCED_PRECISION_TYPES: ReadonlySet<number> = new Set([
  ELEMENT_TYPES.float16,
  ELEMENT_TYPES.int8,
  ELEMENT_TYPES.uint8,
]);
