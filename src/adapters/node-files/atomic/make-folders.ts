import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errorCode } from './file-access-error.js';

/**
 * Makes a folder and those above it that are missing. Node's own way to do so never ends where a file system says of a
 * folder that is there that a name in it cannot be made because it is not there, as Linux does in /proc.
 *
 * @returns the uppermost folder that was made; undefined when all were there
 * @throws the operating system's error
 */
export async function makeFolders(path: string): Promise<string | undefined> {
  const folder = resolve(path);
  if (await isFolder(folder)) return undefined;
  const first = dirname(folder) === folder ? undefined : await makeFolders(dirname(folder));
  try {
    await mkdir(folder);
  } catch (cause) {
    // Another process may have been faster.
    if (errorCode(cause) === 'EEXIST' && (await isFolder(folder))) return first;
    throw cause;
  }
  return first ?? folder;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return false;
    throw cause;
  }
}
