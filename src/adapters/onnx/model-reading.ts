import { DamagedFileError } from '../../domain/errors.js';
import { digest, encodeSeal, SEAL_KEY } from './model-file.js';
import { wireFields } from './wire-reader.js';

/** Protobuf cannot hold more. */
const LARGEST_FILE = 2 ** 31 - 1;
const LARGEST_METADATA = 2 ** 20;

/**
 * The metadata of an ONNX file, after a look at everything in it that could harm: takes time in proportion to the number
 * of nodes and tensors, not of weights, and no memory to speak of.
 * @throws DamagedFileError for anything but a self-contained ONNX file
 */
export function readModelMetadata(bytes: Uint8Array): ReadonlyMap<string, string> {
  if (bytes.length === 0) throw new DamagedFileError('it is empty');
  if (bytes.length > LARGEST_FILE)
    throw new DamagedFileError(`it has ${bytes.length} bytes, an ONNX file at most 2 GB`);
  try {
    return readModel(bytes);
  } catch (cause) {
    if (!(cause instanceof DamagedFileError)) throw cause;
    throw new DamagedFileError(`it is not an ONNX file that can be used: ${cause.message}`, { cause });
  }
}

/**
 * Checks the digest at the end of a sealed file, which covers every byte before it.
 * @throws DamagedFileError when there is none or a byte is not what it was
 */
export function checkSeal(bytes: Uint8Array): void {
  const length = encodeSeal('0'.repeat(64)).length;
  const body = bytes.subarray(0, Math.max(0, bytes.length - length));
  const seal = Buffer.from(bytes.subarray(body.length));
  const key = Buffer.from(SEAL_KEY);
  if (!seal.includes(key))
    throw new DamagedFileError(`it does not end with its digest "${SEAL_KEY}", so bytes are missing or added`);
  if (!seal.equals(encodeSeal(digest([body])))) {
    throw new DamagedFileError('its bytes do not match its digest, so it was changed after it was written');
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
      if (metadataBytes > LARGEST_METADATA)
        throw new DamagedFileError(`more than ${LARGEST_METADATA} bytes of metadata`);
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
    if (field === 1) key = Buffer.from(bytes).toString('utf8');
    if (field === 2) value = Buffer.from(bytes).toString('utf8');
  }
  return [key, value];
}

/** Field numbers of onnx.proto3. */
const MODEL = { graph: 7, metadata: 14, training: 20, functions: 25 } as const;
const GRAPH = { node: 1, initializer: 5, sparse: 15 } as const;
const NODE = { attribute: 5 } as const;
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23 } as const;
const TENSOR = { external: 13, location: 14 } as const;

/** A Loop in a Loop in a Loop is more than Apollo ever writes. */
const DEEPEST_GRAPH = 4;

function checkGraph(graph: Uint8Array, depth: number): void {
  if (depth > DEEPEST_GRAPH) throw new DamagedFileError(`graphs more than ${DEEPEST_GRAPH} deep in each other`);
  for (const { field, bytes } of wireFields(graph)) {
    if (field === GRAPH.initializer) checkTensor(bytes);
    if (field === GRAPH.sparse) throw new DamagedFileError('sparse weights, which Apollo never writes');
    if (field !== GRAPH.node) continue;
    for (const part of wireFields(bytes)) if (part.field === NODE.attribute) checkAttribute(part.bytes, depth);
  }
}

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
  for (const { field, value } of wireFields(tensor)) {
    if (field === TENSOR.external || (field === TENSOR.location && value !== 0)) {
      throw new DamagedFileError('it keeps weights in another file, which Apollo never does');
    }
  }
}
