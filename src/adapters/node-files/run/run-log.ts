import { writeSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { DamagedFileError } from '../../../domain/errors.js';
import type { LogEntry } from '../../../ports/run-store.js';
import { writeFileAtomic } from '../atomic/atomic-write.js';
import { errorCode, fileAccessError } from '../atomic/file-access-error.js';

export const LOG_FILE = 'log.jsonl';

/** log.jsonl of a run: one JSON object a line, only ever added to, so that a kill tears at most the last line. */
export interface RunLog {
  append(entries: readonly LogEntry[]): Promise<void>;
  read(): Promise<readonly LogEntry[]>;
  /** Drops the lines of later steps, and a torn one. What stays, stays byte for byte. */
  rewind(step: number): Promise<void>;
  /** Waits until what was appended is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export function openRunLog(path: string): RunLog {
  let file: FileHandle | undefined;

  const lines = async (): Promise<readonly string[]> => {
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      if (errorCode(cause) === 'ENOENT') return '';
      throw fileAccessError('read', path, cause);
    });
    return text.split('\n').slice(0, -1); // what follows the last line break was torn off by a kill, or is empty
  };
  const entries = async (): Promise<readonly (readonly [string, LogEntry])[]> =>
    (await lines()).map((line, i) => [line, parseEntry(line, i + 1, path)]);
  const close = async (): Promise<void> => {
    const open = file;
    file = undefined;
    await open?.close().catch((cause: unknown) => {
      throw fileAccessError('write', path, cause);
    });
  };

  return {
    append: async (added) => {
      if (added.length === 0) return;
      const text = Buffer.from(added.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      try {
        file ??= await openWithoutTornLine(path);
        appendSync(file.fd, text);
      } catch (cause) {
        throw fileAccessError('write', path, cause, text.length);
      }
    },
    read: async () => (await entries()).map(([, entry]) => entry),
    rewind: async (step) => {
      await close(); // the file is about to be replaced by another
      const all = await entries();
      const kept = all.filter(([, entry]) => entry.step <= step);
      if (kept.length < all.length)
        await writeFileAtomic(path, Buffer.from(kept.map(([line]) => `${line}\n`).join('')));
    },
    sync: async () => {
      await file?.sync().catch((cause: unknown) => {
        throw fileAccessError('write', path, cause);
      });
    },
    close,
  };
}

/** A few bytes at once: between two steps a thread of the pool would be waited for longer than it writes. */
function appendSync(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    const written = writeSync(descriptor, bytes, done);
    if (written === 0) throw Object.assign(new Error('the device takes no more bytes'), { code: 'ENOSPC' });
    done += written;
  }
}

/** A line that a kill or a full disk tore must not grow into the next one. */
async function openWithoutTornLine(path: string): Promise<FileHandle> {
  const file = await open(path, 'a+');
  try {
    const bytes = await file.readFile();
    const whole = bytes.lastIndexOf(0x0a) + 1;
    if (whole < bytes.length) await file.truncate(whole);
    return file;
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

function parseEntry(line: string, number: number, path: string): LogEntry {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch (cause) {
    throw new DamagedFileError(`${path} is damaged: line ${number} is not JSON`, { cause });
  }
  if (!isLogEntry(entry)) throw new DamagedFileError(`${path} is damaged: line ${number} is no log entry`);
  return entry;
}

function isLogEntry(value: unknown): value is LogEntry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return 'step' in value && 'epoch' in value && Object.values(value).every((number) => typeof number === 'number');
}
