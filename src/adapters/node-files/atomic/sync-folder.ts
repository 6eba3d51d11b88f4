import { open } from 'node:fs/promises';
import { errorCode } from './file-access-error.js';

interface FolderSync {
  readonly underWay: Promise<void>;
  /** For those who asked after it began. */
  next: Promise<void> | undefined;
}

const syncs = new Map<string, FolderSync>();

/**
 * Makes the names in a folder last: without it a power cut may undo a rename. Those who ask while one sync is under way
 * share the one after it, which begins when all their names are there.
 */
export function syncFolder(folder: string): Promise<void> {
  const current = syncs.get(folder);
  if (current === undefined) return startSync(folder);
  current.next ??= current.underWay.then(
    () => startSync(folder),
    () => startSync(folder),
  );
  return current.next;
}

function startSync(folder: string): Promise<void> {
  const sync: FolderSync = { underWay: syncNow(folder), next: undefined };
  syncs.set(folder, sync);
  const end = (): void => {
    if (sync.next === undefined) syncs.delete(folder);
  };
  sync.underWay.then(end, end);
  return sync.underWay;
}

async function syncNow(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // cannot open folders; its renames are journalled
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (cause) {
    // Some file systems (FUSE, 9p) know no fsync of folders; what they can do is done.
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(errorCode(cause))) throw cause;
  } finally {
    await handle.close();
  }
}
