/**
 * Files that are written whole or not at all.
 *
 * Promises, one test each in test/contracts/file-store.contract.ts:
 * - What was written is read back; a second write replaces the first.
 * - A write that fails rejects with FileAccessError, which names the path, and leaves the old file and nothing else.
 * - Missing parent folders are made by `write`.
 * - Reading what is not there rejects with FileAccessError, which names the path.
 * - Reading a file of more than `limit` bytes rejects with FileAccessError, which names the path, before it is read.
 * - `readStart` gives the first bytes of a file, fewer only where it ends.
 * - `kind` tells file, folder and absent apart and never rejects for a path that does not exist.
 * - `list` gives the names in a folder in order of code points.
 */
export interface FileStore {
  read(path: string, limit?: number): Promise<Uint8Array>;
  readStart(path: string, bytes: number): Promise<Uint8Array>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  kind(path: string): Promise<'file' | 'folder' | 'absent'>;
  list(folder: string): Promise<readonly string[]>;
}
