import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileAccessError } from './file-access-error.js';
import { syncFolder } from './sync-folder.js';
import { temporaryName } from './temporary-name.js';

/** Bytes at once, or piece by piece when they are too many to hold. */
type ByteSource = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a file whole or not at all: at every moment `path` holds what it held before, or all of `bytes`.
 * The bytes are on the disk before the name is, and the name is before this returns.
 *
 * @throws FileAccessError that names the path and the reason; nothing is left behind
 */
export async function writeFileAtomic(path: string, bytes: ByteSource): Promise<void> {
  const folder = dirname(path);
  // Short and beside the target: a name made from the target's could pass the 255 bytes that a name may have.
  const temporary = join(folder, temporaryName());
  const written = { bytes: 0 };
  try {
    await writeNewFile(temporary, bytes, written);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileAccessError('write', path, cause, bytes instanceof Uint8Array ? bytes.length : written.bytes);
  }
  await syncFolder(folder).catch((cause: unknown) => {
    throw fileAccessError('write', path, cause);
  });
}

/**
 * Writes a new file and waits until its bytes are on the disk. For files in a folder that nobody opens yet.
 *
 * @param written called with the number of bytes requested so far
 * @throws the operating system's error
 */
export async function writeNewFile(path: string, bytes: ByteSource, written = { bytes: 0 }): Promise<void> {
  const file = await open(path, 'wx', 0o666);
  try {
    for await (const piece of bytes instanceof Uint8Array ? [bytes] : bytes) {
      written.bytes += piece.length;
      await writeAll(file, piece);
    }
    const { size } = await file.stat();
    if (size !== written.bytes) throw new Error(`only ${size} of ${written.bytes} bytes arrived`);
    await file.sync();
  } finally {
    await file.close(); // a network file system may report only here that the disk is full
  }
}

/** One write may take only a part (a full disk, a signal): go on until all is taken or the system says why not. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    if (bytesWritten === 0) throw Object.assign(new Error('the device takes no more bytes'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}
