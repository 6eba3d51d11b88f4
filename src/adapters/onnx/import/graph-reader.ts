import { DamagedFileError } from '../../../domain/errors.js';
import { fromFloat16 } from '../../../domain/model/precision.js';
import { sizeOf, type Tensor } from '../../../domain/tensor/tensor.js';
import { ELEMENT_TYPES } from '../wire/onnx-graph.js';
import { decodeShortText, wireFields } from '../wire/wire-reader.js';

/** A node of a parsed graph. Its attributes are integers, lists of them, or floats. */
export interface ParsedNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly ints: ReadonlyMap<string, readonly number[]>;
  readonly floats: ReadonlyMap<string, number>;
}

/** The parts of an ONNX graph that the import needs. */
export interface ParsedGraph {
  readonly nodes: readonly ParsedNode[];
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Constants of integers, such as shapes and axes. */
  readonly lists: ReadonlyMap<string, readonly number[]>;
  /** The shape of each input, with 1 for a symbolic dimension. */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  readonly outputs: readonly string[];
}

/** Field numbers of onnx.proto3. */
const MODEL_GRAPH = 7;
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 } as const;
const NODE = { input: 1, output: 2, op: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, float: 2, int: 3, ints: 8 } as const;
const TENSOR = { dims: 1, type: 2, name: 8, data: 9 } as const;
const VALUE = { name: 1, type: 2 } as const;

/**
 * Parses the graph of an ONNX file that Apollo wrote.
 * @throws DamagedFileError for anything that Apollo does not write
 */
export function readGraph(model: Uint8Array): ParsedGraph {
  const nodes: ParsedNode[] = [];
  const [tensors, lists] = [new Map<string, Tensor>(), new Map<string, readonly number[]>()];
  const inputs = new Map<string, readonly number[]>();
  const outputs: string[] = [];
  for (const { field, bytes: graph } of wireFields(model)) {
    if (field !== MODEL_GRAPH) continue;
    for (const { field: kind, bytes } of wireFields(graph)) {
      if (kind === GRAPH.node) nodes.push(readNode(bytes));
      if (kind === GRAPH.initializer) readTensor(bytes, tensors, lists);
      if (kind === GRAPH.input) inputs.set(...readValue(bytes));
      if (kind === GRAPH.output) outputs.push(readValue(bytes)[0]);
    }
  }
  return { nodes, tensors, lists, inputs, outputs };
}

function readNode(bytes: Uint8Array): ParsedNode {
  let op = '';
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const ints = new Map<string, readonly number[]>();
  const floats = new Map<string, number>();
  for (const { field, bytes: part } of wireFields(bytes)) {
    if (field === NODE.input) inputs.push(decodeShortText(part));
    if (field === NODE.output) outputs.push(decodeShortText(part));
    if (field === NODE.op) op = decodeShortText(part);
    if (field === NODE.attribute) readAttribute(part, ints, floats);
  }
  const [output] = outputs;
  if (output === undefined || outputs.length > 1) {
    throw new DamagedFileError(`its operation "${op}" has ${outputs.length} outputs instead of one`);
  }
  return { op, inputs, output, ints, floats };
}

function readAttribute(bytes: Uint8Array, ints: Map<string, readonly number[]>, floats: Map<string, number>): void {
  let name = '';
  const integers: number[] = [];
  let float: number | undefined;
  for (const { field, value, float32, bytes: text } of wireFields(bytes)) {
    if (field === ATTRIBUTE.name) name = decodeShortText(text);
    if (field === ATTRIBUTE.int || field === ATTRIBUTE.ints) integers.push(value);
    if (field === ATTRIBUTE.float) float = float32;
  }
  if (float !== undefined) floats.set(name, float);
  else ints.set(name, integers);
}

function readTensor(bytes: Uint8Array, tensors: Map<string, Tensor>, lists: Map<string, readonly number[]>): void {
  const dims: number[] = [];
  let [name, type] = ['', 0];
  let data: Uint8Array = new Uint8Array();
  for (const { field, value, bytes: part } of wireFields(bytes)) {
    if (field === TENSOR.dims) dims.push(value);
    if (field === TENSOR.type) type = value;
    if (field === TENSOR.name) name = decodeShortText(part);
    if (field === TENSOR.data) data = part;
  }
  const width = BYTES_PER_ELEMENT.get(type);
  if (width === undefined) throw new DamagedFileError(`its tensor "${name}" has the unsupported element type ${type}`);
  if (data.length !== width * sizeOf(dims)) {
    throw new DamagedFileError(
      `its tensor "${name}" has ${data.length} bytes; [${dims.join(', ')}] needs ${width * sizeOf(dims)}`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const mapElements = <T>(read: (offset: number) => T): T[] =>
    Array.from({ length: data.length / width }, (_, i) => read(i * width));
  if (type === ELEMENT_TYPES.int64) {
    const integers = mapElements((offset) => Number(view.getBigInt64(offset, true)));
    lists.set(name, integers);
  } else tensors.set(name, { shape: dims, data: toFloat32Array(type, view, mapElements) });
}

const BYTES_PER_ELEMENT: ReadonlyMap<number, number> = new Map([
  [ELEMENT_TYPES.float32, 4],
  [ELEMENT_TYPES.float16, 2],
  [ELEMENT_TYPES.int8, 1],
  [ELEMENT_TYPES.int64, 8],
]);

function toFloat32Array(
  type: number,
  view: DataView,
  mapElements: (read: (offset: number) => number) => readonly number[],
): Float32Array {
  if (type === ELEMENT_TYPES.float32) return readFloat32(view);
  if (type === ELEMENT_TYPES.float16) {
    return fromFloat16(Uint16Array.from(mapElements((offset) => view.getUint16(offset, true))));
  }
  return Float32Array.from(mapElements((offset) => view.getInt8(offset)));
}

/** Little-endian, as all platforms of onnxruntime are. Copied, since tensors are not aligned in a file. */
const readFloat32 = ({ buffer, byteOffset, byteLength }: DataView): Float32Array =>
  new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);

/** ValueInfoProto: its name and shape. */
function readValue(bytes: Uint8Array): readonly [string, readonly number[]] {
  let name = '';
  let shape: readonly number[] = [];
  for (const { field, bytes: part } of wireFields(bytes)) {
    if (field === VALUE.name) name = decodeShortText(part);
    if (field === VALUE.type) shape = readShape(part);
  }
  return [name, shape];
}

/** TypeProto.tensor_type (1) .shape (2) .dim (1) .dim_value (1), with 1 for a symbolic dimension. */
function readShape(type: Uint8Array): readonly number[] {
  const shape: number[] = [];
  for (const { bytes: tensorType } of wireFields(type)) {
    for (const { field, bytes: dims } of wireFields(tensorType)) {
      if (field !== 2) continue;
      for (const { bytes: dim } of wireFields(dims)) {
        let length = 1;
        for (const { field: kind, value } of wireFields(dim)) if (kind === 1) length = value;
        shape.push(length);
      }
    }
  }
  return shape;
}
