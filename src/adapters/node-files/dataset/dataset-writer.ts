import { createHash } from 'node:crypto';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { chunkName, chunkShape } from '../../../domain/dataset/chunk.js';
import {
  CHUNK_ROLLS,
  DATASET_VERSION,
  type ChunkEntry,
  type DatasetManifest,
} from '../../../domain/dataset/manifest.js';
import { encodeNpyHeader } from '../../../domain/dataset/npy.js';
import { packedSize } from '../../../domain/roll/piano-roll.js';
import type { RollFormat } from '../../../domain/roll/roll-format.js';
import type { DatasetDescription, DatasetWriter } from '../../../ports/dataset-store.js';
import { writeNewFile } from '../atomic/atomic-write.js';
import { syncFolder } from '../atomic/sync-folder.js';
import { datasetDigest, encodeManifest, MANIFEST_FILE } from './dataset-manifest-file.js';
import { fileAccessError } from '../atomic/file-access-error.js';
import { makeFolders } from '../atomic/make-folders.js';
import { publishFolder } from '../atomic/publish-folder.js';
import { removeLeftovers, temporaryName } from '../atomic/temporary-name.js';

/**
 * Writes a dataset into a hidden folder beside `path` and makes it appear with one rename. Holds at most one chunk.
 * @param path absolute
 * @param replace whether an existing dataset is replaced when this one is finished
 */
export async function createDatasetWriter(path: string, format: RollFormat, replace: boolean): Promise<DatasetWriter> {
  const parent = dirname(path);
  const folder = join(parent, temporaryName());
  const minBytes = encodeNpyHeader(chunkShape(format, 1)).length + packedSize(format);
  const createdParent = await withPathInError(path, () => makeFolders(parent), minBytes);
  await removeLeftovers(parent);
  await withPathInError(path, () => mkdir(folder), minBytes);
  return new HiddenFolderWriter({ path, folder, createdParent, format, replace });
}

interface Destination {
  /** Path of the finished dataset. */
  readonly path: string;
  /** The hidden folder that it is written to. */
  readonly folder: string;
  /** The highest folder above it that was created; undefined when all were there. */
  readonly createdParent: string | undefined;
  readonly format: RollFormat;
  readonly replace: boolean;
}

class HiddenFolderWriter implements DatasetWriter {
  readonly #to: Destination;
  readonly #chunks: ChunkEntry[] = [];
  readonly #rollBytes: number;
  /** The chunk that is being filled. The buffer is used again for the next chunk. */
  #packed = new Uint8Array(0);
  #rolls = 0;
  #isOver = false;

  constructor(to: Destination) {
    this.#to = to;
    this.#rollBytes = packedSize(to.format);
  }

  async add(given: Uint8Array): Promise<void> {
    const size = this.#rollBytes;
    if (given.length % size !== 0) throw new Error(`${given.length} bytes are no rolls of ${size}`);
    for (let done = 0; done < given.length;) {
      const count = Math.min(CHUNK_ROLLS - this.#rolls, (given.length - done) / size);
      if ((this.#rolls + count) * size > this.#packed.length) this.#grow(this.#rolls + count);
      this.#packed.set(given.subarray(done, done + count * size), this.#rolls * size);
      this.#rolls += count;
      done += count * size;
      if (this.#rolls === CHUNK_ROLLS) await this.#flush();
    }
  }

  async finish({ preparation, origin, sources }: DatasetDescription): Promise<DatasetManifest> {
    const { path, folder, format, replace } = this.#to;
    try {
      if (this.#rolls > 0) await this.#flush();
      const chunks = this.#chunks;
      const rolls = chunks.reduce((sum, chunk) => sum + chunk.rolls, 0);
      const digest = datasetDigest({ format, chunks });
      const version = DATASET_VERSION;
      const manifest: DatasetManifest = { version, format, preparation, origin, rolls, chunks, sources, digest };
      const bytes = Buffer.from(encodeManifest(manifest));
      const file = join(folder, MANIFEST_FILE);
      await withPathInError(join(path, MANIFEST_FILE), () => writeNewFile(file, bytes), bytes.length);
      await withPathInError(path, () => syncFolder(folder));
      await withPathInError(path, () => publishFolder(folder, path, replace));
      this.#isOver = true;
      return manifest;
    } catch (cause) {
      await this.abandon();
      throw cause;
    }
  }

  async abandon(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const { folder, createdParent } = this.#to;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    if (createdParent !== undefined) await removeEmptyFolders(dirname(folder), createdParent);
  }

  #grow(min: number): void {
    const larger = new Uint8Array(Math.min(CHUNK_ROLLS, Math.max(16, min, 2 * this.#rolls)) * this.#rollBytes);
    larger.set(this.#packed);
    this.#packed = larger;
  }

  /** Writes the chunk that has been filled. */
  async #flush(): Promise<void> {
    const { path, folder, format } = this.#to;
    const rolls = this.#rolls;
    const file = chunkName(this.#chunks.length);
    const pieces = [encodeNpyHeader(chunkShape(format, rolls)), this.#packed.subarray(0, rolls * this.#rollBytes)];
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    await withPathInError(join(path, file), () => writeNewFile(join(folder, file), pieces), bytes);
    const hash = createHash('sha256');
    for (const piece of pieces) hash.update(piece);
    this.#chunks.push({ file, rolls, sha256: hash.digest('hex') });
    this.#rolls = 0;
  }
}

async function removeEmptyFolders(from: string, to: string): Promise<void> {
  for (let folder = from; folder.length >= to.length; folder = dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false, // another program has put something into it
    );
    if (!removed || basename(folder) === '') return;
  }
}

/** Runs `work` and turns a system error into one that names the path the user knows. */
async function withPathInError<T>(path: string, work: () => Promise<T>, needed?: number): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileAccessError('write', path, cause, needed);
  }
}
