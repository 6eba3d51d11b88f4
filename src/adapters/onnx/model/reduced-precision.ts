import { EngineError } from '../../../domain/errors.js';
import {
  fromFloat16,
  MAX_FLOAT16,
  quantizePerChannel,
  toOffsetInt8,
  toFloat16,
  type Precision,
} from '../../../domain/model/precision.js';
import {
  ELEMENT_TYPES,
  floatTensor,
  intAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
} from '../wire/onnx-graph.js';

/** Suffixes of the names of scales and offsets, one value for each output channel. */
const [SCALES, OFFSETS] = ['_scales', '_offsets'];

/** Whether a tensor of this name belongs to others' channels, and is no weight itself. */
export const isQuantizationParameter = (name: string): boolean => name.endsWith(SCALES) || name.endsWith(OFFSETS);

/**
 * Stores the weights of convolutions and matrix products in float16 or int8. Casts and products of constants restore
 * float32; onnxruntime folds them once, when it opens the file. So the file is a half or a quarter as large and runs as
 * fast. DequantizeLinear is not folded and takes a third to two thirds longer. Tables of integers lose nothing.
 * @throws EngineError for a weight that fp16 has no number for
 */
export function withReducedPrecision(graph: OnnxGraph, precision: Precision): OnnxGraph {
  if (precision === 'fp32') return graph;
  const axes = channelAxes(graph);
  const nodes: OnnxNode[] = [];
  const initializers = graph.initializers.flatMap((tensor) => {
    const axis = axes.get(tensor.name);
    if (axis === undefined || tensor.type !== 'float32') return [tensor];
    const isTable = (tensor.data as Float32Array).every(Number.isInteger);
    const small = isTable ? storeExactly(tensor, axis, precision) : storeRounded(tensor, axis, precision);
    if (small === undefined) return [tensor];
    nodes.push(...small.nodes);
    return small.tensors;
  });
  return { ...graph, nodes: [...nodes, ...graph.nodes], initializers };
}

interface StoredWeights {
  readonly tensors: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
}

const toFloat32 = (from: string, to: string): OnnxNode => ({
  ...{ op: 'Cast', name: to, inputs: [from], outputs: [to] },
  attributes: { to: intAttribute(ELEMENT_TYPES.float32) },
});

const storeRounded = (tensor: OnnxTensor, axis: number, precision: Precision): StoredWeights =>
  precision === 'fp16' ? asFloat16(tensor) : asInt8(tensor, axis);

/** A table, in the fewest bits that hold it; undefined where only float32 does. */
function storeExactly(tensor: OnnxTensor, axis: number, precision: Precision): StoredWeights | undefined {
  const data = tensor.data as Float32Array;
  const shifted = precision === 'int8' ? toOffsetInt8({ shape: tensor.dims, data }, axis) : undefined;
  if (shifted !== undefined) return asOffsetInt8(tensor, axis, shifted.values, shifted.offsets);
  return fromFloat16(toFloat16(data)).every((x, i) => x === data[i]) ? asFloat16(tensor) : undefined;
}

function asOffsetInt8(tensor: OnnxTensor, axis: number, values: Int8Array, offsets: Float32Array): StoredWeights {
  const [name, from, cast] = [`${tensor.name}_int8`, `${tensor.name}${OFFSETS}`, `${tensor.name}_whole`];
  const kept: OnnxTensor = { name, type: 'int8', dims: tensor.dims, data: values };
  if (offsets.every((offset) => offset === 0)) return { tensors: [kept], nodes: [toFloat32(name, tensor.name)] };
  return {
    tensors: [kept, floatTensor(from, channelShape(tensor, axis), offsets)],
    nodes: [toFloat32(name, cast), { op: 'Add', name: tensor.name, inputs: [cast, from], outputs: [tensor.name] }],
  };
}

/** The shape of a channel's numbers, which stretch over the rest. */
const channelShape = ({ dims }: OnnxTensor, axis: number): readonly number[] =>
  dims.map((length, at) => (at === axis ? length : 1));

function asFloat16(tensor: OnnxTensor): StoredWeights {
  const [name, data] = [`${tensor.name}_fp16`, tensor.data as Float32Array];
  const large = data.find((w) => Math.abs(w) > MAX_FLOAT16);
  if (large !== undefined) {
    throw new EngineError(`a weight is ${large}, more than fp16 can hold; use --precision int8 or fp32`);
  }
  return {
    tensors: [{ name, type: 'float16', dims: tensor.dims, data: toFloat16(data) }],
    nodes: [toFloat32(name, tensor.name)],
  };
}

function asInt8(tensor: OnnxTensor, axis: number): StoredWeights {
  const [name, scaled, cast] = [`${tensor.name}_int8`, `${tensor.name}${SCALES}`, `${tensor.name}_whole`];
  const { values, scales } = quantizePerChannel({ shape: tensor.dims, data: tensor.data as Float32Array }, axis);
  return {
    tensors: [
      { name, type: 'int8', dims: tensor.dims, data: values },
      floatTensor(scaled, channelShape(tensor, axis), scales),
    ],
    nodes: [toFloat32(name, cast), { op: 'Mul', name: tensor.name, inputs: [cast, scaled], outputs: [tensor.name] }],
  };
}

/** By weights, the axis of the channels that are computed with them: each has numbers of its own size. */
function channelAxes({ nodes, initializers }: OnnxGraph): ReadonlyMap<string, number> {
  const ranks = new Map(initializers.map(({ name, dims }) => [name, dims.length]));
  const axes = new Map<string, number>();
  for (const { op, inputs, attributes = {} } of nodes) {
    const isTurned = (name: string): boolean => attributes[name]?.kind === 'int' && attributes[name].value === 1;
    for (const [at, name] of inputs.slice(0, 2).entries()) {
      const rank = ranks.get(name) ?? 0;
      if (rank < 2 || axes.has(name)) continue;
      if (op === 'Conv' && at === 1) axes.set(name, 0);
      if (op === 'ConvTranspose' && at === 1) axes.set(name, 1);
      if (op === 'MatMul') axes.set(name, at === 1 ? rank - 1 : rank - 2);
      if (op === 'Gemm') axes.set(name, at === 1 ? (isTurned('transB') ? 0 : 1) : isTurned('transA') ? 1 : 0);
    }
  }
  return axes;
}
