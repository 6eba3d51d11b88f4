import { DamagedFileError } from '../../../domain/errors.js';
import { fromFloat16 } from '../../../domain/model/precision.js';
import { sizeOf, type Tensor } from '../../../domain/tensor/tensor.js';
import { ELEMENT_TYPES } from '../wire/onnx-graph.js';
import { decodeShortText, wireFields } from '../wire/wire-reader.js';

/** A node of a graph that was read; attributes are whole numbers, lists of them, or the one float that Apollo writes. */
export interface ParsedNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly ints: ReadonlyMap<string, readonly number[]>;
  readonly floats: ReadonlyMap<string, number>;
}

/** The graph of an ONNX file that Apollo wrote, as far as turning it back into a tensor program needs it. */
export interface ParsedGraph {
  readonly nodes: readonly ParsedNode[];
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Shapes, axes and the like. */
  readonly lists: ReadonlyMap<string, readonly number[]>;
  /** Lengths; 1 where any is allowed. */
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

/** @throws DamagedFileError for what Apollo does not write */
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
    if (field !== NODE.attribute) continue;
    let name = '';
    const numbers: number[] = [];
    let float: number | undefined;
    for (const { field: kind, value, float32, bytes: content } of wireFields(part)) {
      if (kind === ATTRIBUTE.name) name = decodeShortText(content);
      if (kind === ATTRIBUTE.int || kind === ATTRIBUTE.ints) numbers.push(value);
      if (kind === ATTRIBUTE.float) float = float32;
    }
    if (float !== undefined) floats.set(name, float);
    else ints.set(name, numbers);
  }
  const [output] = outputs;
  if (output === undefined || outputs.length > 1) {
    throw new DamagedFileError(`an operation ${op} with ${outputs.length} results, which Apollo never writes`);
  }
  return { op, inputs, output, ints, floats };
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
  if (width === undefined) throw new DamagedFileError(`weights "${name}" of element type ${type}`);
  if (data.length !== width * sizeOf(dims)) {
    throw new DamagedFileError(
      `weights "${name}" of ${data.length} bytes, [${dims.join(', ')}] takes ${width * sizeOf(dims)}`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const each = <T>(read: (at: number) => T): T[] =>
    Array.from({ length: data.length / width }, (_, i) => read(i * width));
  if (type === ELEMENT_TYPES.int64) {
    lists.set(
      name,
      each((at) => Number(view.getBigInt64(at, true))),
    );
    return;
  }
  tensors.set(name, { shape: dims, data: toFloat32Array(type, view, each) });
}

/** Bytes of a number, by element type. */
const BYTES_PER_ELEMENT: ReadonlyMap<number, number> = new Map([
  [ELEMENT_TYPES.float32, 4],
  [ELEMENT_TYPES.float16, 2],
  [ELEMENT_TYPES.int8, 1],
  [ELEMENT_TYPES.int64, 8],
]);

function toFloat32Array(
  type: number,
  view: DataView,
  each: (read: (at: number) => number) => readonly number[],
): Float32Array {
  if (type === ELEMENT_TYPES.float32) return readFloat32(view);
  if (type === ELEMENT_TYPES.float16) return fromFloat16(Uint16Array.from(each((at) => view.getUint16(at, true))));
  return Float32Array.from(each((at) => view.getInt8(at)));
}

/** As every platform that Node's native add-ons run on keeps them; copied, since in a file they begin anywhere. */
const readFloat32 = ({ buffer, byteOffset, byteLength }: DataView): Float32Array =>
  new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);

/** ValueInfoProto: its name, and TypeProto.tensor_type (1) .shape (2) .dim (1) .dim_value (1). */
function readValue(bytes: Uint8Array): readonly [string, readonly number[]] {
  let name = '';
  const lengths: number[] = [];
  for (const { field, bytes: part } of wireFields(bytes)) {
    if (field === VALUE.name) name = decodeShortText(part);
    if (field !== VALUE.type) continue;
    for (const type of wireFields(part)) {
      for (const shape of wireFields(type.bytes)) {
        if (shape.field !== 2) continue;
        for (const dim of wireFields(shape.bytes)) {
          let length = 1;
          for (const { field: kind, value } of wireFields(dim.bytes)) if (kind === 1) length = value;
          lengths.push(length);
        }
      }
    }
  }
  return [name, lengths];
}
