import {
  ELEMENT_TYPES,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from '../wire/onnx-graph.js';
import { WireWriter } from '../wire/wire-writer.js';

/** The content of a model file besides its graph. */
interface OnnxModelOptions {
  readonly metadata?: ReadonlyMap<string, string>;
  /** Versions of operator sets beside the standard one, such as `com.microsoft` 1. */
  readonly domains?: Readonly<Record<string, number>>;
}

const OPSET = 17;
const IR_VERSION = 8;
const PRODUCER = 'apollo';

/**
 * Encodes an ONNX file. Equal graphs and options give equal bytes. The numbers below are the fields of onnx.proto3. The
 * writer is our own because the schema package takes 65 ms to load and copies the weights once for each enclosing
 * message.
 */
export function encodeModel(graph: OnnxGraph, options: OnnxModelOptions = {}): Uint8Array {
  const model = new WireWriter();
  model.int(1, IR_VERSION);
  model.string(2, PRODUCER);
  model.message(7, (w) => writeGraph(w, graph));
  for (const [domain, version] of Object.entries({ '': OPSET, ...options.domains })) {
    model.message(8, (w) => {
      if (domain !== '') w.string(1, domain);
      w.int(2, version);
    });
  }
  for (const [key, value] of options.metadata ?? []) writeMetadata(model, key, value);
  return model.finish();
}

/** The bytes of one metadata entry of a model, which may follow all others. */
export function encodeMetadataEntry(key: string, value: string): Uint8Array {
  const writer = new WireWriter();
  writeMetadata(writer, key, value);
  return writer.finish();
}

/** The bytes of a tensor's numbers. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function writeMetadata(model: WireWriter, key: string, value: string): void {
  model.message(14, (w) => {
    w.string(1, key);
    w.string(2, value);
  });
}

function writeGraph(w: WireWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) w.message(1, (inner) => writeNode(inner, node));
  w.string(2, graph.name);
  for (const tensor of graph.initializers) w.message(5, (inner) => writeTensor(inner, tensor));
  for (const value of graph.inputs) w.message(11, (inner) => writeValue(inner, value));
  for (const value of graph.outputs) w.message(12, (inner) => writeValue(inner, value));
}

function writeNode(w: WireWriter, node: OnnxNode): void {
  for (const name of node.inputs) w.string(1, name);
  for (const name of node.outputs) w.string(2, name);
  if (node.name !== undefined) w.string(3, node.name);
  w.string(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes ?? {})) {
    w.message(5, (inner) => {
      inner.string(1, name);
      writeAttribute(inner, attribute);
    });
  }
  if (node.domain) w.string(7, node.domain);
}

/** AttributeProto.AttributeType */
const ATTRIBUTE_TYPES: { readonly [K in OnnxAttribute['kind']]: number } = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
};

function writeAttribute(w: WireWriter, attribute: OnnxAttribute): void {
  switch (attribute.kind) {
    case 'float':
      w.float(2, attribute.value);
      break;
    case 'int':
      w.int(3, attribute.value);
      break;
    case 'string':
      w.string(4, attribute.value);
      break;
    case 'tensor':
      w.message(5, (inner) => writeTensor(inner, attribute.value));
      break;
    case 'graph':
      w.message(6, (inner) => writeGraph(inner, attribute.value));
      break;
    case 'floats':
      for (const value of attribute.value) w.float(7, value);
      break;
    case 'ints':
      for (const value of attribute.value) w.int(8, value);
      break;
    case 'strings':
      for (const value of attribute.value) w.string(9, value);
      break;
  }
  w.int(20, ATTRIBUTE_TYPES[attribute.kind]);
}

function writeTensor(w: WireWriter, { name, type, dims, data }: OnnxTensor): void {
  for (const length of dims) w.int(1, length);
  w.int(2, ELEMENT_TYPES[type]);
  if (name !== '') w.string(8, name);
  w.bytes(9, bytesOf(data));
}

function writeValue(w: WireWriter, { name, type, dims, isOfAnyShape = false }: OnnxValue): void {
  w.string(1, name);
  w.message(2, (typeProto) =>
    typeProto.message(1, (tensorType) => {
      tensorType.int(1, ELEMENT_TYPES[type]);
      if (isOfAnyShape) return;
      tensorType.message(2, (shape) => {
        for (const dim of dims) {
          shape.message(1, (w2) => {
            if (typeof dim === 'number') w2.int(1, dim);
            else if (dim !== '') w2.string(2, dim);
          });
        }
      });
    }),
  );
}
