import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AlreadyExistsError, DomainError } from '../../../domain/errors.js';
import { PRECISIONS } from '../../../domain/model/precision.js';
import type { RunConfiguration } from '../../../domain/training/run-configuration.js';
import type { Run, RunStore } from '../../../ports/run-store.js';
import { writeNewFile } from '../atomic/atomic-write.js';
import { syncFolder } from '../atomic/sync-folder.js';
import { CHECKPOINT_FOLDER } from './checkpoint-folder.js';
import { errorCode, fileAccessError } from '../atomic/file-access-error.js';
import { makeFolders } from '../atomic/make-folders.js';
import { publishFolder, restoreBackup } from '../atomic/publish-folder.js';
import { CONFIGURATION_FILE, encodeConfiguration, readConfiguration } from './run-configuration-file.js';
import { modelFileName, openRunFolder, SAMPLES_FOLDER } from './run-folder.js';
import { LOCK_FILE, lockNewRun, lockRun } from './run-lock.js';
import { LOG_FILE } from './run-log.js';
import { removeLeftovers, temporaryName } from '../atomic/temporary-name.js';

/** Runs as folders on this machine's disks. */
export const createNodeRunStore = (): RunStore => ({ create, open });

async function open(path: string, access: 'read' | 'write'): Promise<Run> {
  await restoreBackup(resolve(path));
  const file = join(path, CONFIGURATION_FILE);
  const seen = await readConfiguration(path, file); // first, so that nothing is written into what is no run
  if (access === 'read') return openRunFolder(path, seen, () => Promise.resolve());
  const unlock = await lockRun(path);
  try {
    await removeLeftovers(path);
    // Read again: the last holder of the lock may have changed it.
    return openRunFolder(path, await readConfiguration(path, file), unlock);
  } catch (cause) {
    await unlock();
    throw cause;
  }
}

/** Puts the new folder together under a hidden name, locked, and makes it appear with one rename. */
async function create(
  path: string,
  configuration: RunConfiguration,
  { replace }: { readonly replace: boolean },
): Promise<Run> {
  await restoreBackup(resolve(path));
  const target = await realpath(path).catch(() => resolve(path));
  const parent = dirname(target);
  const folder = join(parent, temporaryName());
  const old = await existingEntries(target, path);
  if (old.length > 0) checkReplaceable(path, old, replace);
  const unlockOld = old.length > 0 ? await lockRun(target) : undefined; // nobody is to lose a run while training in it
  try {
    await makeFolders(parent);
    await removeLeftovers(parent);
    await mkdir(folder);
    for (const name of [CHECKPOINT_FOLDER, SAMPLES_FOLDER]) await mkdir(join(folder, name));
    await writeNewFile(join(folder, CONFIGURATION_FILE), encodeConfiguration(configuration));
    const unlock = await lockNewRun(folder, target);
    await syncFolder(folder);
    await publishFolder(folder, target, old.length > 0);
    return openRunFolder(path, configuration, unlock);
  } catch (cause) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    await unlockOld?.();
    if (cause instanceof DomainError) throw cause;
    if (EXISTS_ERROR_CODES.has(errorCode(cause)))
      throw new AlreadyExistsError(`${path} has just been made by another process`, { cause });
    throw fileAccessError('write', path, cause);
  }
}

/** Names in what stands at the path; none for an empty folder or when nothing stands there. */
async function existingEntries(target: string, path: string): Promise<readonly string[]> {
  try {
    return await readdir(target);
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return [];
    if (errorCode(cause) === 'ENOTDIR')
      throw new AlreadyExistsError(`${path} is a file or lies below one; choose another folder`, { cause });
    throw fileAccessError('open the folder', path, cause);
  }
}

/** Only a run is replaced, so that a slip of the keyboard does not cost a folder of other things. */
function checkReplaceable(path: string, names: readonly string[], replace: boolean): void {
  const foreign = names.find((name) => !RUN_ENTRIES.has(name) && !name.startsWith('.apollo-'));
  if (foreign !== undefined) {
    throw new AlreadyExistsError(
      `${path} is no run: it holds "${foreign}", which is not replaced; choose another folder`,
    );
  }
  if (!replace) {
    throw new AlreadyExistsError(`${path} holds a run already; resume it with --resume, or replace it with --force`);
  }
}

const RUN_ENTRIES = new Set([
  CONFIGURATION_FILE,
  LOG_FILE,
  CHECKPOINT_FOLDER,
  SAMPLES_FOLDER,
  LOCK_FILE,
  ...PRECISIONS.map(modelFileName),
]);

/** Error codes of renaming onto a folder that is not empty. */
const EXISTS_ERROR_CODES = new Set(['ENOTEMPTY', 'EEXIST']);
