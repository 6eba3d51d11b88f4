import { constants } from 'node:fs';
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileAccessError } from '../../domain/errors.js';
import type { FileStore } from '../../ports/file-store.js';
import { writeWhole } from './atomic-write.js';
import { byCodePoints } from './code-point-order.js';
import { errorCode, fileAccessError } from './file-access.js';
import { kindInWords } from './file-kind.js';

/** Files on this machine's disks. */
export const makeNodeFileStore = (): FileStore => ({ read, write, kind, list });

async function read(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe without a writer would block
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw new FileAccessError(`cannot read ${path}: it is ${kindInWords(facts)}, not a file`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof FileAccessError ? cause : fileAccessError('read', path, cause);
  }
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true }).catch((cause: unknown) => {
    throw fileAccessError('write', path, cause, bytes.length);
  });
  await writeWhole(path, bytes);
}

async function kind(path: string): Promise<'file' | 'folder' | 'absent'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    if (NOTHING_THERE.has(errorCode(cause))) return 'absent';
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

/** What the system says of a path that leads to nothing; the last is a name that no file can have. */
const NOTHING_THERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']);
