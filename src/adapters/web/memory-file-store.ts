import { byCodePoints } from '../../domain/code-point-order.js';
import { FileAccessError } from '../../domain/errors.js';
import type { FileStore } from '../../ports/file-store.js';

/** A FileStore in memory, whose files can be read and filled by path. */
export interface MemoryFileStore extends FileStore {
  readonly files: Map<string, Uint8Array>;
}

/** @param folders that exist from the start; all others are the prefixes of the paths of files */
export function createMemoryFileStore(folders: readonly string[] = []): MemoryFileStore {
  const files = new Map<string, Uint8Array>();
  const isFolder = (path: string): boolean =>
    folders.includes(path) || [...files.keys()].some((file) => file.startsWith(`${path}/`));
  const hasFileAbove = (path: string): boolean => [...files.keys()].some((file) => path.startsWith(`${file}/`));
  const held = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new FileAccessError(`cannot read ${path}: no such file or folder`);
    return bytes;
  };
  return {
    files,
    async read(path, limit = Infinity) {
      const bytes = held(path);
      if (bytes.length > limit) throw new FileAccessError(`cannot read ${path}: it has more than ${limit} bytes`);
      return bytes.slice();
    },
    async readStart(path, bytes) {
      return held(path).slice(0, bytes);
    },
    async write(path, bytes) {
      if (isFolder(path) || hasFileAbove(path))
        throw new FileAccessError(`cannot write ${path}: a folder or file is in the way`);
      files.set(path, bytes.slice());
    },
    async kind(path) {
      if (files.has(path)) return 'file';
      return isFolder(path) ? 'folder' : 'absent';
    },
    async list(folder) {
      if (!isFolder(folder)) throw new FileAccessError(`cannot list the folder ${folder}: no such file or folder`);
      const below = [...files.keys()].filter((file) => file.startsWith(`${folder}/`));
      const names = new Set(below.map((file) => file.slice(folder.length + 1).replace(/\/.*/s, '')));
      return [...names].sort(byCodePoints);
    },
  };
}
