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
import type { DatasetWriter } from '../../../ports/dataset-store.js';
import { writeNewFile } from '../atomic/atomic-write.js';
import { syncFolder } from '../atomic/sync-folder.js';
import { datasetDigest, encodeManifest, MANIFEST_FILE } from './dataset-manifest-file.js';
import { fileAccessError } from '../atomic/file-access-error.js';
import { makeFolders } from '../atomic/make-folders.js';
import { publishFolder } from '../atomic/publish-folder.js';
import { removeLeftovers, temporaryName } from '../atomic/temporary-name.js';

/**
 * Writes a dataset into a hidden folder beside `path` and makes it appear with one rename. Holds at most one chunk.
 *
 * @param path absolute
 * @param replace whether what stands there gives way when the dataset is finished
 */
export async function createDatasetWriter(path: string, format: RollFormat, replace: boolean): Promise<DatasetWriter> {
  const parent = dirname(path);
  const folder = join(parent, temporaryName());
  const leastBytes = encodeNpyHeader(chunkShape(format, 1)).length + packedSize(format);
  const madeParent = await withPathInError(path, () => makeFolders(parent), leastBytes);
  await removeLeftovers(parent);
  await withPathInError(path, () => mkdir(folder), leastBytes);

  const chunks: ChunkEntry[] = [];
  const size = packedSize(format);
  let packed = new Uint8Array(0); // the chunk that is being filled; used again for the next, so that nothing piles up
  let rolls = 0; // in it
  let gone = false;

  const grow = (least: number): void => {
    const larger = new Uint8Array(Math.min(CHUNK_ROLLS, Math.max(16, least, 2 * rolls)) * size);
    larger.set(packed);
    packed = larger;
  };
  const flush = async (): Promise<void> => {
    const file = chunkName(chunks.length);
    const pieces = [encodeNpyHeader(chunkShape(format, rolls)), packed.subarray(0, rolls * size)];
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    await withPathInError(join(path, file), () => writeNewFile(join(folder, file), pieces), bytes);
    const hash = createHash('sha256');
    for (const piece of pieces) hash.update(piece);
    chunks.push({ file, rolls, sha256: hash.digest('hex') });
    rolls = 0;
  };
  const abandon = async (): Promise<void> => {
    if (gone) return;
    gone = true;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    if (madeParent !== undefined) await removeEmptyFolders(parent, madeParent);
  };

  return {
    abandon,
    async add(given) {
      if (given.length % size !== 0) throw new Error(`${given.length} bytes are no rolls of ${size}`);
      for (let done = 0; done < given.length;) {
        const some = Math.min(CHUNK_ROLLS - rolls, (given.length - done) / size);
        if ((rolls + some) * size > packed.length) grow(rolls + some);
        packed.set(given.subarray(done, done + some * size), rolls * size);
        rolls += some;
        done += some * size;
        if (rolls === CHUNK_ROLLS) await flush();
      }
    },
    async finish({ preparation, origin, sources }) {
      try {
        if (rolls > 0) await flush();
        const all = chunks.reduce((sum, chunk) => sum + chunk.rolls, 0);
        const digest = datasetDigest({ format, chunks });
        const version = DATASET_VERSION;
        const manifest: DatasetManifest = { version, format, preparation, origin, rolls: all, chunks, sources, digest };
        const bytes = Buffer.from(encodeManifest(manifest));
        const file = join(folder, MANIFEST_FILE);
        await withPathInError(join(path, MANIFEST_FILE), () => writeNewFile(file, bytes), bytes.length);
        await withPathInError(path, () => syncFolder(folder));
        await withPathInError(path, () => publishFolder(folder, path, replace));
        gone = true;
        return manifest;
      } catch (cause) {
        await abandon();
        throw cause;
      }
    },
  };
}

async function removeEmptyFolders(from: string, to: string): Promise<void> {
  for (let folder = from; folder.length >= to.length; folder = dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false, // somebody else uses it by now
    );
    if (!removed || basename(folder) === '') return;
  }
}

/** Runs `work`; an error of the system becomes one that names the path that the user knows. */
async function withPathInError<T>(path: string, work: () => Promise<T>, needed?: number): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileAccessError('write', path, cause, needed);
  }
}
