import { lstat, readdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AlreadyExistsError } from '../../../domain/errors.js';
import { checkRollFormat, type RollFormat } from '../../../domain/roll/roll-format.js';
import type { DatasetStore, DatasetWriter } from '../../../ports/dataset-store.js';
import { MANIFEST_FILE } from './dataset-manifest-file.js';
import { openDataset } from './dataset-reader.js';
import { createDatasetWriter } from './dataset-writer.js';
import { errorCode, fileAccessError } from '../atomic/file-access-error.js';
import { restoreBackup } from '../atomic/publish-folder.js';

/** Datasets as folders on this machine's disks: dataset.json and chunk-00000.npy ... */
export const createNodeDatasetStore = (): DatasetStore => ({ create, open: openDataset });

async function create(
  path: string,
  format: RollFormat,
  { replace }: { readonly replace: boolean },
): Promise<DatasetWriter> {
  checkRollFormat(format);
  await restoreBackup(resolve(path));
  if (!(await exists(path))) return createDatasetWriter(resolve(path), format, false);
  if (!replace)
    throw new AlreadyExistsError(`${path} exists already; choose another folder or replace it with --force`);
  await checkReplaceable(path);
  return createDatasetWriter(await realpath(path), format, true); // behind a link, so that the link stays
}

/** Replacing deletes: only what is a dataset, or what is left of one, may go. */
async function checkReplaceable(path: string): Promise<void> {
  const names = await readdir(path).catch((cause: unknown) => {
    throw fileAccessError('replace', path, cause);
  });
  const foreign = names.find((name) => name !== MANIFEST_FILE && !/^chunk-\d+\.npy$/.test(name));
  if (foreign === undefined) return;
  throw new AlreadyExistsError(
    `${path} holds ${JSON.stringify(foreign)}, which is no part of a dataset, so it is not replaced; ` +
      'choose another folder',
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(cause))) return false;
    throw fileAccessError('look at', path, cause);
  }
}
