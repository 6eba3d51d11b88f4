import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { DamagedFileError, DomainError } from '../../../domain/errors.js';
import { CHECKPOINT_VERSION, type Checkpoint } from '../../../domain/training/checkpoint.js';
import { shapeText, sizeOf, type Tensor } from '../../../domain/tensor/tensor.js';
import { writeFileAtomic } from '../atomic/atomic-write.js';
import { fileAccessError } from '../atomic/file-access-error.js';
import { describeFileKind } from '../atomic/file-kind.js';
import {
  decodeSafetensorsHeader,
  encodeSafetensorsHeader,
  MAX_HEADER_BYTES,
  assignOffsets,
  HEADER_LENGTH_BYTES,
  type SafetensorsHeader,
} from './safetensors.js';

const FORMAT = 'apollo-checkpoint';
/** Metadata keys. `sha256` is that of the payload, `header_sha256` that of the header without this last member. */
const METADATA_KEYS = { sha256: 'sha256', tensors: 'tensor_sha256', header: 'header_sha256' } as const;

/**
 * Writes a checkpoint as a safetensors file, whole or not at all. Every byte of it is covered by a SHA-256 in its
 * metadata, and every tensor by one of its own, so that damage is found and can be named.
 */
export async function writeCheckpoint(path: string, { step, model, state }: Checkpoint): Promise<void> {
  const tensors = assignOffsets(new Map([...state].map(([name, { shape }]) => [name, shape])));
  const pieces = tensors.map(({ name }) => tensorBytes(state.get(name)!));
  const payload = createHash('sha256');
  const digests = pieces.map((piece) => {
    payload.update(piece);
    return sha256(piece);
  });
  const metadata = new Map([
    ['format', FORMAT],
    ['version', String(CHECKPOINT_VERSION)],
    ['step', String(step)],
    ['model', JSON.stringify({ architecture: model.architecture, depth: model.depth })],
    [METADATA_KEYS.sha256, payload.digest('hex')],
    [METADATA_KEYS.tensors, JSON.stringify(tensors.map(({ name }, i) => [name, digests[i]]))],
  ]);
  const sealed = new Map([...metadata, [METADATA_KEYS.header, sha256(encodeSafetensorsHeader({ metadata, tensors }))]]);
  const header = encodeSafetensorsHeader({ metadata: sealed, tensors });
  await writeFileAtomic(path, splitIntoChunks([header, ...pieces]));
}

/**
 * Reads a checkpoint after checking every byte. Memory is taken for what the file holds, never for what it claims.
 *
 * @param expected of which model; its tensors are not read when it is another
 * @throws DamagedFileError that names the file, and the tensor when it is one
 */
export async function readCheckpoint(path: string, expected: Checkpoint['model']): Promise<Checkpoint> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    const { header, payloadAt } = await readHeader(file, size);
    const { step, model } = parseStepAndModel(header);
    if (model.architecture !== expected.architecture || model.depth !== expected.depth) {
      throw new Error(
        `it belongs to ${model.architecture} of depth ${model.depth}, ` +
          `not to ${expected.architecture} of depth ${expected.depth}`,
      );
    }
    checkPayloadSize(header, size - payloadAt);
    return { step, model, state: await readTensors(file, header, payloadAt) };
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    if (cause instanceof Error && !('code' in cause)) {
      throw new DamagedFileError(`${path} is damaged: ${cause.message}`, { cause });
    }
    throw fileAccessError('read', path, cause);
  } finally {
    await file.close().catch(() => undefined); // nothing was written
  }
}

async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe would block for ever
  } catch (cause) {
    throw fileAccessError('read', path, cause);
  }
  const facts = await file.stat();
  if (facts.isFile()) return file;
  await file.close().catch(() => undefined);
  throw new DamagedFileError(`${path} is ${describeFileKind(facts)}, not a file`);
}

async function readHeader(file: FileHandle, size: number): Promise<{ header: SafetensorsHeader; payloadAt: number }> {
  const start = Buffer.alloc(HEADER_LENGTH_BYTES);
  if (size < HEADER_LENGTH_BYTES) throw new Error(`it has ${size} bytes, too few for a header`);
  await readFully(file, start, 0);
  const length = start.readBigUInt64LE();
  if (length > MAX_HEADER_BYTES || Number(length) > size - HEADER_LENGTH_BYTES) {
    throw new Error(`its header would be ${length} bytes long in a file of ${size}`);
  }
  const bytes = Buffer.alloc(HEADER_LENGTH_BYTES + Number(length));
  await readFully(file, bytes, 0);
  const header = decodeSafetensorsHeader(bytes);
  const { metadata, tensors } = header;
  if (metadata.get('format') !== FORMAT) throw new Error('it is no checkpoint of this program');
  if (metadata.get('version') !== String(CHECKPOINT_VERSION)) {
    throw new Error(`it has version ${metadata.get('version')}, but this program reads version ${CHECKPOINT_VERSION}`);
  }
  const unsealed = new Map([...metadata].filter(([key]) => key !== METADATA_KEYS.header));
  if (metadata.get(METADATA_KEYS.header) !== sha256(encodeSafetensorsHeader({ metadata: unsealed, tensors }))) {
    throw new Error('its header was changed: it does not have the SHA-256 that it states');
  }
  return { header, payloadAt: bytes.length };
}

function parseStepAndModel({ metadata }: SafetensorsHeader): Pick<Checkpoint, 'step' | 'model'> {
  const step = Number(metadata.get('step'));
  if (!/^\d+$/.test(metadata.get('step') ?? '') || !Number.isSafeInteger(step)) throw new Error('it has no step');
  const [, architecture, depth] =
    /^\{"architecture":"([^"\\]*)","depth":(\d{1,9})\}$/.exec(metadata.get('model') ?? '') ?? [];
  if (architecture === undefined) throw new Error('it does not say to which model it belongs');
  return { step, model: { architecture, depth: Number(depth) } };
}

function checkPayloadSize({ tensors }: SafetensorsHeader, available: number): void {
  const wanted = tensors.at(-1)?.end ?? 0;
  const cut = tensors.find(({ end }) => end > available);
  if (cut !== undefined) throw new Error(`it was cut short: it ends before or in tensor "${cut.name}"`);
  if (wanted !== available) throw new Error(`it has ${available - wanted} bytes too many after its last tensor`);
}

async function readTensors(
  file: FileHandle,
  { metadata, tensors }: SafetensorsHeader,
  payloadAt: number,
): Promise<Map<string, Tensor>> {
  const digests = JSON.parse(metadata.get(METADATA_KEYS.tensors) ?? 'null') as unknown;
  const payload = createHash('sha256');
  const state = new Map<string, Tensor>();
  for (const [i, { name, shape, start }] of tensors.entries()) {
    const data = new Float32Array(sizeOf(shape));
    const bytes = Buffer.from(data.buffer);
    await readFully(file, bytes, payloadAt + start);
    payload.update(bytes);
    const stated: unknown = Array.isArray(digests) ? digests[i] : undefined;
    if (JSON.stringify(stated) !== JSON.stringify([name, sha256(bytes)])) {
      throw new Error(`tensor "${name}" ${shapeText(shape)} was changed: it does not have the SHA-256 that is stated`);
    }
    state.set(name, { shape, data: swapToNativeEndian(data) });
  }
  if (payload.digest('hex') !== metadata.get(METADATA_KEYS.sha256))
    throw new Error('its tensors do not have the SHA-256 that is stated');
  return state;
}

/** Reads until `bytes` is full; one read may give only a part. */
async function readFully(file: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, CHUNK_BYTES), offset + done);
    if (bytesRead === 0) throw new Error('it was cut while it was read');
    done += bytesRead;
  }
}

async function* splitIntoChunks(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += CHUNK_BYTES) yield piece.subarray(at, at + CHUNK_BYTES);
  }
}

/** The tensor's bytes as they lie in memory, without a copy, where that is the file's order. */
function tensorBytes({ data }: Tensor): Buffer {
  const ordered = swapToNativeEndian(data);
  return Buffer.from(ordered.buffer, ordered.byteOffset, ordered.byteLength);
}

/** From little-endian to this machine's order, or back. */
function swapToNativeEndian(data: Float32Array): Float32Array {
  if (endianness() === 'LE') return data;
  const turned = data.slice();
  Buffer.from(turned.buffer).swap32();
  return turned;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A system call at a time: large enough to be fast, far below the 2 GiB that one can take. */
const CHUNK_BYTES = 1 << 24;
