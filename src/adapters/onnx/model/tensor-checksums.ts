import type { Digest } from '../../../ports/digest.js';
import { TENSOR_CHECKSUMS_KEY } from './checksum.js';
import { MAX_METADATA_BYTES } from './model-reader.js';
import { decodeUtf8, wireFieldsUntilDamage, type TruncatedField } from '../wire/wire-reader.js';

/** Field numbers of onnx.proto3. */
const MODEL = { graph: 7, metadata: 14 } as const;
const GRAPH = { initializer: 5 } as const;
const TENSOR = { name: 8, data: 9 } as const;
const ENTRY = { key: 1, value: 2 } as const;

/**
 * Which weights of a damaged model are not as they were written, for the sentence that says so: those that the file's
 * end cuts, or the first whose SHA-256 is not the one in the metadata. Undefined where the damage is elsewhere.
 */
export async function findDamagedTensor(model: Uint8Array, digest: Digest): Promise<string | undefined> {
  const found = new Map<string, Uint8Array>();
  let stated: readonly (readonly [string, string])[] = [];
  for (const part of wireFieldsUntilDamage(model)) {
    if (part.field === MODEL.metadata) stated = recordedChecksums(part) ?? stated;
    if (part.field !== MODEL.graph) continue;
    for (const piece of wireFieldsUntilDamage(part.bytes)) {
      if (piece.field !== GRAPH.initializer) continue;
      const { name, data } = nameAndData(piece);
      if (piece.isTruncated) return name === '' ? undefined : name;
      found.set(name, data);
    }
  }
  for (const [name, sha256] of stated) {
    if ((await digest(found.get(name) ?? new Uint8Array())) !== sha256) return name;
  }
  return undefined;
}

function nameAndData(tensor: TruncatedField): { readonly name: string; readonly data: Uint8Array } {
  let name = '';
  let data: Uint8Array = new Uint8Array();
  for (const { field, bytes } of wireFieldsUntilDamage(tensor.bytes)) {
    if (field === TENSOR.name) name = decodeUtf8(bytes.subarray(0, MAX_NAME_BYTES));
    if (field === TENSOR.data) data = bytes;
  }
  return { name, data };
}

const MAX_NAME_BYTES = 200;

/** The list in a metadata entry, if it is that entry and still a list. */
function recordedChecksums(entry: TruncatedField): readonly (readonly [string, string])[] | undefined {
  if (entry.bytes.length > MAX_METADATA_BYTES) return undefined;
  let [key, value] = ['', ''];
  for (const { field, bytes } of wireFieldsUntilDamage(entry.bytes)) {
    if (field === ENTRY.key) key = decodeUtf8(bytes);
    if (field === ENTRY.value && key === TENSOR_CHECKSUMS_KEY) value = decodeUtf8(bytes);
  }
  if (key !== TENSOR_CHECKSUMS_KEY) return undefined;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) && list.every(isPair) ? list : undefined;
  } catch {
    return undefined;
  }
}

const isPair = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every((text) => typeof text === 'string');
