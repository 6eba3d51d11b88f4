import { createHash } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chunkShape, locateRoll } from '../../../domain/dataset/chunk.js';
import type { ChunkEntry, DatasetManifest } from '../../../domain/dataset/manifest.js';
import { decodeNpyHeader, encodeNpyHeader, NPY_HEADER_LIMIT } from '../../../domain/dataset/npy.js';
import { DamagedFileError, DomainError, FileAccessError } from '../../../domain/errors.js';
import { packedSize } from '../../../domain/roll/piano-roll.js';
import type { Dataset } from '../../../ports/dataset-store.js';
import { decodeManifest, MANIFEST_FILE } from './dataset-manifest-file.js';
import { errorCode, fileAccessError } from '../atomic/file-access-error.js';
import { describeFileKind } from '../atomic/file-kind.js';
import { restoreBackup } from '../atomic/publish-folder.js';

/** Opens a dataset after checking every byte of it. Holds no chunk in memory, and at most OPEN_CHUNKS files open. */
export async function openDataset(path: string): Promise<Dataset> {
  await restoreBackup(resolve(path));
  const manifest = await decodeManifest(readManifest(path), join(path, MANIFEST_FILE));
  for (const chunk of manifest.chunks) checkChunk(join(path, chunk.file), chunk, manifest);

  const size = packedSize(manifest.format);
  const offsets = manifest.chunks.map(({ rolls }) => dataOffset(manifest, rolls));
  const files = new Map<number, number>(); // chunk -> descriptor, least recently used first
  const descriptor = (chunk: number): number => {
    const open = files.get(chunk) ?? openChunk(join(path, manifest.chunks[chunk]!.file));
    files.delete(chunk);
    files.set(chunk, open);
    const [oldest] = files;
    if (files.size > MAX_OPEN_CHUNKS && oldest !== undefined) {
      files.delete(oldest[0]);
      closeSync(oldest[1]);
    }
    return open;
  };
  return {
    manifest,
    packedRoll(index) {
      if (!Number.isInteger(index) || index < 0 || index >= manifest.rolls) {
        throw new RangeError(`roll ${index} of a dataset of ${manifest.rolls}`);
      }
      const { chunk, row } = locateRoll(index);
      const bytes = new Uint8Array(size);
      const read = readAt(descriptor(chunk), bytes, offsets[chunk]! + row * size);
      if (read < size)
        throw new DamagedFileError(`${join(path, manifest.chunks[chunk]!.file)} was cut while it was in use`);
      return bytes;
    },
    close() {
      for (const open of files.values()) closeSync(open);
      files.clear();
      return Promise.resolve();
    },
  };
}

const openChunk = (path: string): number => openFile(path, (cause) => fileAccessError('read', path, cause));

function readManifest(path: string): string {
  const name = join(path, MANIFEST_FILE);
  const file = openFile(name, (cause) => notDatasetError(path, cause));
  try {
    const { size } = fstatSync(file);
    if (size > MAX_MANIFEST_BYTES)
      throw new DamagedFileError(`${name} has ${size} bytes, more than any that was written`);
    const bytes = new Uint8Array(size);
    const read = readAt(file, bytes, 0);
    // Strictly: a changed byte must not hide in a replacement character, nor a mark at the start be dropped.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, read));
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    if (errorCode(cause) === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new DamagedFileError(`${name} is not UTF-8, so it was changed; prepare the dataset again`, { cause });
    }
    throw fileAccessError('read', name, cause);
  } finally {
    closeSync(file);
  }
}

function notDatasetError(path: string, cause: unknown): DomainError {
  if (errorCode(cause) !== 'ENOENT' || !existsSync(path)) return fileAccessError('open the dataset', path, cause);
  return new FileAccessError(`${path} is not a dataset: it has no ${MANIFEST_FILE}; make one with "apollo prepare"`);
}

/** @param chunk what the manifest says of the file at `path` */
function checkChunk(path: string, chunk: ChunkEntry, manifest: DatasetManifest): void {
  const damaged = (what: string, cause?: unknown): DamagedFileError =>
    new DamagedFileError(`${path} ${what}; prepare the dataset again`, { cause });
  const file = openFile(path, (cause) =>
    errorCode(cause) === 'ENOENT' ? damaged('is missing', cause) : fileAccessError('read', path, cause),
  );
  try {
    const expected = dataOffset(manifest, chunk.rolls) + chunk.rolls * packedSize(manifest.format);
    const { size } = fstatSync(file);
    if (size !== expected) throw damaged(`has ${size} bytes instead of ${expected}`);
    if (fileSha256(file) !== chunk.sha256) throw damaged('was changed: its SHA-256 is not the one in dataset.json');
    const head = new Uint8Array(Math.min(NPY_HEADER_LIMIT, size));
    readAt(file, head, 0);
    const shape = decodeNpyHeader(head, path).shape.join(', ');
    const wanted = chunkShape(manifest.format, chunk.rolls).join(', ');
    if (shape !== wanted) throw damaged(`holds an array of shape [${shape}] instead of [${wanted}]`);
  } catch (cause) {
    throw cause instanceof DomainError ? cause : fileAccessError('read', path, cause);
  } finally {
    closeSync(file);
  }
}

function openFile(path: string, failure: (cause: unknown) => DomainError): number {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe would block for ever
  } catch (cause) {
    throw failure(cause);
  }
  const facts = fstatSync(file);
  if (facts.isFile()) return file;
  closeSync(file);
  throw new DamagedFileError(`${path} is ${describeFileKind(facts)}, not a file`);
}

function fileSha256(file: number): string {
  const hash = createHash('sha256');
  const piece = new Uint8Array(1 << 20);
  for (let at = 0; ;) {
    const read = readAt(file, piece, at);
    hash.update(piece.subarray(0, read));
    if (read < piece.length) return hash.digest('hex');
    at += read;
  }
}

/** Fills `bytes` from `offset` of the file on; returns fewer than its length only where the file ends. */
function readAt(file: number, bytes: Uint8Array, offset: number): number {
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(file, bytes, done, bytes.length - done, offset + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}

const dataOffset = (manifest: DatasetManifest, rolls: number): number =>
  encodeNpyHeader(chunkShape(manifest.format, rolls)).length;

/** A thousand chunks may be asked for in any order, and a process may hold about a thousand files open. */
const MAX_OPEN_CHUNKS = 64;
const MAX_MANIFEST_BYTES = 2 ** 29;
