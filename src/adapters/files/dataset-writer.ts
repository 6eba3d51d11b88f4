import { createHash } from 'node:crypto';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { chunkName, chunkShape } from '../../domain/dataset/chunk.js';
import { CHUNK_ROLLS, DATASET_VERSION, type ChunkEntry, type DatasetManifest } from '../../domain/dataset/manifest.js';
import { encodeNpyHeader } from '../../domain/dataset/npy.js';
import { packedSize, packRoll } from '../../domain/music/piano-roll.js';
import type { RollFormat } from '../../domain/music/roll-format.js';
import type { DatasetWriter } from '../../ports/dataset-store.js';
import { syncFolder, writeNew } from './atomic-write.js';
import { datasetDigest, encodeManifest, MANIFEST_FILE } from './dataset-manifest-file.js';
import { fileAccessError } from './file-access.js';
import { removeLeftovers, temporaryName } from './temporary-name.js';

/**
 * Writes a dataset into a hidden folder beside `path` and makes it appear with one rename. Holds at most one chunk.
 *
 * @param path absolute
 * @param replace whether what stands there gives way when the dataset is finished
 */
export async function startDataset(path: string, format: RollFormat, replace: boolean): Promise<DatasetWriter> {
  const parent = dirname(path);
  const folder = join(parent, temporaryName());
  const leastBytes = encodeNpyHeader(chunkShape(format, 1)).length + packedSize(format);
  const madeParent = await tellingPath(path, () => mkdir(parent, { recursive: true }), leastBytes);
  await removeLeftovers(parent);
  await tellingPath(path, () => mkdir(folder), leastBytes);

  const chunks: ChunkEntry[] = [];
  let pending: Uint8Array[] = []; // packed rolls of the chunk that is being filled
  let gone = false;

  const flush = async (): Promise<void> => {
    const file = chunkName(chunks.length);
    const pieces = [encodeNpyHeader(chunkShape(format, pending.length)), ...pending];
    const rolls = pending.length;
    pending = [];
    const bytes = Buffer.concat(pieces);
    await tellingPath(join(path, file), () => writeNew(join(folder, file), bytes), bytes.length);
    chunks.push({ file, rolls, sha256: createHash('sha256').update(bytes).digest('hex') });
  };
  const abandon = async (): Promise<void> => {
    if (gone) return;
    gone = true;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    if (madeParent !== undefined) await removeEmptyFolders(parent, madeParent);
  };

  return {
    abandon,
    async add(roll) {
      pending.push(packRoll(roll));
      if (pending.length === CHUNK_ROLLS) await flush();
    },
    async finish({ preparation, origin, sources }) {
      try {
        if (pending.length > 0) await flush();
        const rolls = chunks.reduce((sum, chunk) => sum + chunk.rolls, 0);
        const digest = datasetDigest({ format, chunks });
        const version = DATASET_VERSION;
        const manifest: DatasetManifest = { version, format, preparation, origin, rolls, chunks, sources, digest };
        const bytes = Buffer.from(encodeManifest(manifest));
        const file = join(folder, MANIFEST_FILE);
        await tellingPath(join(path, MANIFEST_FILE), () => writeNew(file, bytes), bytes.length);
        await tellingPath(path, () => appear(folder, path, replace));
        gone = true;
        return manifest;
      } catch (cause) {
        await abandon();
        throw cause;
      }
    },
  };
}

/**
 * Gives the finished folder its name. When it replaces an old one, a kill between the two renames leaves no dataset,
 * never a mixture, and a failure puts the old one back.
 */
async function appear(folder: string, path: string, replace: boolean): Promise<void> {
  await syncFolder(folder);
  const parent = dirname(path);
  const aside = join(parent, temporaryName());
  if (replace) await rename(path, aside);
  try {
    await rename(folder, path);
    await syncFolder(parent);
  } catch (cause) {
    if (replace) await rename(aside, path).catch(() => undefined);
    throw cause;
  }
  if (replace) await rm(aside, { recursive: true, force: true });
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
async function tellingPath<T>(path: string, work: () => Promise<T>, needed?: number): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileAccessError('write', path, cause, needed);
  }
}
