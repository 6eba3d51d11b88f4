import { DamagedFileError } from '../../../domain/errors.js';
import type { Digest } from '../../../ports/digest.js';
import type { OnnxGraph } from '../wire/onnx-graph.js';
import { bytesOf, encodeMetadataEntry, encodeModel } from './model-file.js';

/** Metadata key of the last entry of a file: the SHA-256 of all bytes before that entry. */
const CHECKSUM_KEY = 'apollo.sha256';
/** Metadata key of the digests of the weights: JSON, [name, SHA-256 of its bytes] in the order of the file. */
export const TENSOR_CHECKSUMS_KEY = 'apollo.tensor_sha256';

/** Encodes an ONNX file with the digests of its weights, so that damage can be located, and a checksum at its end. */
export async function encodeModelWithChecksum(
  graph: OnnxGraph,
  metadata: ReadonlyMap<string, string>,
  digest: Digest,
): Promise<Uint8Array> {
  const tensors = await Promise.all(
    graph.initializers.map(async ({ name, data }) => [name, await digest(bytesOf(data))] as const),
  );
  const body = encodeModel(graph, {
    metadata: new Map([...metadata, [TENSOR_CHECKSUMS_KEY, JSON.stringify(tensors)]]),
  });
  const checksum = encodeMetadataEntry(CHECKSUM_KEY, await digest(body));
  const file = new Uint8Array(body.length + checksum.length);
  file.set(body);
  file.set(checksum, body.length);
  return file;
}

/** Bytes of the metadata entry that holds the checksum. */
const CHECKSUM_LENGTH = encodeMetadataEntry(CHECKSUM_KEY, '0'.repeat(64)).length;

/**
 * Checks the checksum at the end of a file, which covers every byte before it.
 * @throws DamagedFileError when there is none or a byte was changed
 */
export async function verifyChecksum(bytes: Uint8Array, digest: Digest): Promise<void> {
  const start = Math.max(0, bytes.length - CHECKSUM_LENGTH);
  const found = bytes.subarray(start);
  if (!new TextDecoder('latin1').decode(found).includes(CHECKSUM_KEY)) {
    throw new DamagedFileError(`it does not end with its digest "${CHECKSUM_KEY}", so bytes are missing or added`);
  }
  const expected = encodeMetadataEntry(CHECKSUM_KEY, await digest(bytes.subarray(0, start)));
  if (found.length !== expected.length || found.some((byte, i) => byte !== expected[i])) {
    throw new DamagedFileError('its bytes do not match its digest, so it was changed after it was written');
  }
}
