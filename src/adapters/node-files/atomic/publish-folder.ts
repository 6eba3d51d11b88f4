import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from './sync-folder.js';
import { errorCode } from './file-access-error.js';
import { findBackup, backupName } from './temporary-name.js';

/**
 * Gives a finished folder the name `target`; with `replace`, what stands there gives way.
 *
 * Nothing that Node offers exchanges two names in one step. So the old folder is moved aside first, and a kill before
 * the new one has its name leaves nothing at `target`: never a mixture, and `restoreBackup` finds the old one again. A
 * failure puts it back at once.
 */
export async function publishFolder(folder: string, target: string, replace: boolean): Promise<void> {
  const parent = dirname(target);
  const aside = join(parent, backupName(basename(target)));
  if (replace) await rename(target, aside);
  let isNamed = false;
  try {
    await rename(folder, target); // also onto an empty folder
    isNamed = true;
    await syncFolder(parent);
  } catch (cause) {
    if (isNamed) await rename(target, folder).catch(() => undefined);
    if (replace) await rename(aside, target).catch(() => undefined);
    throw cause;
  }
  // A later run deletes what this leaves.
  if (replace) await rm(aside, { recursive: true, force: true }).catch(() => undefined);
}

/** Puts back what stood at `target` when a process of this machine was killed while it replaced it. */
export async function restoreBackup(target: string): Promise<void> {
  const there = await lstat(target).catch((cause: unknown) => errorCode(cause));
  if (there !== 'ENOENT') return;
  const parent = dirname(target);
  const aside = findBackup(await readdir(parent).catch(() => []), basename(target));
  // Where this is not permitted, the target stays absent, and the error says so.
  if (aside !== undefined) await rename(join(parent, aside), target).catch(() => undefined);
}
