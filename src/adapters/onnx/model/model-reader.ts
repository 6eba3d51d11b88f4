import { DamagedFileError } from '../../../domain/errors.js';
import { decodeUtf8, decodeShortText, wireFields } from '../wire/wire-reader.js';

/** Protobuf cannot hold more. */
const MAX_FILE_BYTES = 2 ** 31 - 1;
export const MAX_METADATA_BYTES = 2 ** 20;

/**
 * Reads the metadata of an ONNX file after checking everything in it that could do harm. Time is proportional to the
 * number of nodes and tensors, not of weights; memory is negligible.
 * @throws DamagedFileError for anything but a self-contained ONNX file
 */
export function readModelMetadata(bytes: Uint8Array): ReadonlyMap<string, string> {
  if (bytes.length === 0) throw new DamagedFileError('it is empty');
  if (bytes.length > MAX_FILE_BYTES)
    throw new DamagedFileError(`it has ${bytes.length} bytes, an ONNX file at most 2 GB`);
  try {
    return readModel(bytes);
  } catch (cause) {
    if (!(cause instanceof DamagedFileError)) throw cause;
    throw new DamagedFileError(`it is not an ONNX file that can be used: ${cause.message}`, { cause });
  }
}

function readModel(bytes: Uint8Array): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  let graphs = 0;
  let metadataBytes = 0;
  for (const { field, bytes: part } of wireFields(bytes)) {
    if (field === MODEL.graph) {
      graphs++;
      checkGraph(part, 0);
    } else if (field === MODEL.metadata) {
      metadataBytes += part.length;
      if (metadataBytes > MAX_METADATA_BYTES)
        throw new DamagedFileError(`more than ${MAX_METADATA_BYTES} bytes of metadata`);
      const [key, value] = readEntry(part);
      if (metadata.has(key)) throw new DamagedFileError(`the metadata say "${key.slice(0, 40)}" twice`);
      metadata.set(key, value);
    } else if (field === MODEL.training || field === MODEL.functions) {
      throw new DamagedFileError('it holds training graphs or functions, which Apollo never writes');
    }
  }
  if (graphs !== 1) throw new DamagedFileError(`it holds ${graphs} graphs instead of one`);
  return metadata;
}

function readEntry(entry: Uint8Array): readonly [string, string] {
  let [key, value] = ['', ''];
  for (const { field, bytes } of wireFields(entry)) {
    if (field === 1) key = decodeUtf8(bytes);
    if (field === 2) value = decodeUtf8(bytes);
  }
  return [key, value];
}

/** Field numbers of onnx.proto3. */
const MODEL = { graph: 7, metadata: 14, training: 20, functions: 25 } as const;
const GRAPH = { node: 1, initializer: 5, sparse: 15 } as const;
const NODE = { operation: 4, attribute: 5, domain: 7 } as const;
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23 } as const;
const TENSOR = { type: 2, ints: 7, data: 9, external: 13, location: 14 } as const;
const INT64 = 7;

/** A Loop in a Loop in a Loop is more than Apollo ever writes. */
const MAX_GRAPH_DEPTH = 4;

function checkGraph(graph: Uint8Array, depth: number): void {
  if (depth > MAX_GRAPH_DEPTH) throw new DamagedFileError(`graphs more than ${MAX_GRAPH_DEPTH} deep in each other`);
  for (const { field, bytes } of wireFields(graph)) {
    if (field === GRAPH.initializer) checkTensor(bytes);
    if (field === GRAPH.sparse) throw new DamagedFileError('sparse weights, which Apollo never writes');
    if (field === GRAPH.node) checkNode(bytes, depth);
  }
}

function checkNode(node: Uint8Array, depth: number): void {
  for (const { field, bytes } of wireFields(node)) {
    if (field === NODE.attribute) checkAttribute(bytes, depth);
    if (field === NODE.operation && FORBIDDEN_OPS.has(decodeShortText(bytes))) {
      throw new DamagedFileError(`the operation "${decodeShortText(bytes)}", which Apollo never writes`);
    }
    if (field === NODE.domain && !ALLOWED_DOMAINS.has(decodeShortText(bytes))) {
      throw new DamagedFileError(`operations of "${decodeShortText(bytes).slice(0, 40)}", which Apollo never writes`);
    }
  }
}

/** Of the standard, and of onnxruntime itself. Others may be another library's code. */
const ALLOWED_DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx', 'com.microsoft', 'com.microsoft.nchwc']);

/**
 * Operators that let a small file run for ever or fill the memory: loops, and results of a size given in the file.
 */
const FORBIDDEN_OPS: ReadonlySet<string> = new Set(
  (
    'If Loop Scan SequenceMap ConstantOfShape Range Tile Resize Upsample CumSum Einsum OneHot ' +
    'EyeLike NonZero MaxUnpool ' +
    'RandomNormal RandomNormalLike RandomUniform RandomUniformLike Multinomial Bernoulli ' +
    'SequenceInsert ConcatFromSequence'
  ).split(' '),
);

function checkAttribute(attribute: Uint8Array, depth: number): void {
  for (const { field, bytes } of wireFields(attribute)) {
    if (field === ATTRIBUTE.tensor || field === ATTRIBUTE.tensors) checkTensor(bytes);
    if (field === ATTRIBUTE.graph || field === ATTRIBUTE.graphs) checkGraph(bytes, depth + 1);
    if (field === ATTRIBUTE.sparse || field === ATTRIBUTE.sparses) {
      throw new DamagedFileError('sparse constants, which Apollo never writes');
    }
  }
}

/** Weights kept in another file could be any file of this machine. */
function checkTensor(tensor: Uint8Array): void {
  let type = 0;
  for (const { field, value, bytes } of wireFields(tensor)) {
    if (field === TENSOR.type) type = value;
    if (field === TENSOR.data && type === INT64) checkShape(bytes);
    if (field === TENSOR.ints) throw new DamagedFileError('whole numbers in a form that Apollo never writes');
    if (field === TENSOR.external || (field === TENSOR.location && value !== 0)) {
      throw new DamagedFileError('it keeps weights in another file, which Apollo never does');
    }
  }
}

/** A short list of whole numbers may be the shape of a result: the product of its lengths is the memory it takes. */
function checkShape(bytes: Uint8Array): void {
  if (bytes.length > 8 * MAX_AXES) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let elements = 1;
  for (let at = 0; at + 8 <= bytes.length; at += 8)
    elements *= Math.max(1, Math.abs(Number(view.getBigInt64(at, true))));
  if (elements > MAX_ELEMENTS) throw new DamagedFileError(`a shape of ${elements} elements, more than ${MAX_ELEMENTS}`);
}

const MAX_AXES = 8;
const MAX_ELEMENTS = 2 ** 31;
