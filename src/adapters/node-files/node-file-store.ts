import { constants, type Stats } from 'node:fs';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FileAccessError } from '../../domain/errors.js';
import type { FileStore } from '../../ports/file-store.js';
import { writeFileAtomic } from './atomic/atomic-write.js';
import { byCodePoints } from '../../domain/code-point-order.js';
import { errorCode, fileAccessError } from './atomic/file-access-error.js';
import { describeFileKind } from './atomic/file-kind.js';
import { makeFolders } from './atomic/make-folders.js';
import { restoreBackup } from './atomic/publish-folder.js';
import { removeLeftovers } from './atomic/temporary-name.js';

/** Files on this machine's disks. */
export const createNodeFileStore = (): FileStore => ({ read, readStart, write, kind, list });

const read = (path: string, limit = Infinity): Promise<Uint8Array> =>
  withOpenFile(path, async (file, { size }) => {
    if (size <= limit) return file.readFile();
    throw new FileAccessError(`cannot read ${path}: it has ${size} bytes, more than the limit of ${limit}`);
  });

const readStart = (path: string, bytes: number): Promise<Uint8Array> =>
  withOpenFile(path, async (file) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  });

async function withOpenFile<T>(path: string, work: (file: FileHandle, facts: Stats) => Promise<T>): Promise<T> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe without a writer would block
    try {
      const facts = await file.stat();
      if (!facts.isFile())
        throw new FileAccessError(`cannot read ${path}: it is ${describeFileKind(facts)}, not a file`);
      return await work(file, facts);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof FileAccessError ? cause : fileAccessError('read', path, cause);
  }
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await makeFolders(dirname(path)).catch((cause: unknown) => {
    throw fileAccessError('write', path, cause, bytes.length);
  });
  await removeLeftoversOnce(dirname(path));
  await writeFileAtomic(path, bytes);
}

/** Folders in which this process has already deleted leftovers of killed processes. */
const cleanedFolders = new Set<string>();

async function removeLeftoversOnce(folder: string): Promise<void> {
  if (cleanedFolders.has(folder)) return;
  cleanedFolders.add(folder);
  await removeLeftovers(folder);
}

async function kind(path: string): Promise<'file' | 'folder' | 'absent'> {
  try {
    const facts = await stat(path).catch(async (cause: unknown) => {
      if (errorCode(cause) !== 'ENOENT') throw cause;
      await restoreBackup(resolve(path)); // what a killed process had moved aside is not gone
      return stat(path);
    });
    return facts.isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    if (ABSENT_ERROR_CODES.has(errorCode(cause))) return 'absent';
    throw fileAccessError('look at', path, cause);
  }
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort(byCodePoints);
  } catch (cause) {
    throw fileAccessError('list the folder', folder, cause);
  }
}

/** Error codes of paths that do not exist; the last is for a name that no file can have. */
const ABSENT_ERROR_CODES = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']);
