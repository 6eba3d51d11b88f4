import { writeSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { DamagedFileError } from '../../../domain/errors.js';
import type { LogEntry } from '../../../ports/run-store.js';
import { writeFileAtomic } from '../atomic/atomic-write.js';
import { errorCode, fileAccessError } from '../atomic/file-access-error.js';

export const LOG_FILE = 'log.jsonl';

/** log.jsonl of a run: one JSON object a line. Lines are only appended, so that a kill tears at most the last one. */
interface RunLog {
  append(entries: readonly LogEntry[]): Promise<void>;
  read(): Promise<readonly LogEntry[]>;
  /** Removes the lines of later steps, and a torn one. The other lines keep their bytes. */
  rewind(step: number): Promise<void>;
  /** Resolves when the appended lines are on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export function openRunLog(path: string): RunLog {
  let file: FileHandle | undefined;
  const failToWrite = (cause: unknown): never => {
    throw fileAccessError('write', path, cause);
  };
  const close = async (): Promise<void> => {
    const open = file;
    file = undefined;
    await open?.close().catch(failToWrite);
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
    read: async () => (await readEntries(path)).map(([, entry]) => entry),
    rewind: async (step) => {
      await close(); // another file is about to replace it
      const all = await readEntries(path);
      const kept = all.filter(([, entry]) => entry.step <= step);
      if (kept.length < all.length)
        await writeFileAtomic(path, Buffer.from(kept.map(([line]) => `${line}\n`).join('')));
    },
    sync: async () => {
      await file?.sync().catch(failToWrite);
    },
    close,
  };
}

/** The lines with the entries that they hold; none when there is no file. */
async function readEntries(path: string): Promise<readonly (readonly [line: string, entry: LogEntry])[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return '';
    throw fileAccessError('read', path, cause);
  });
  const lines = text.split('\n').slice(0, -1); // what follows the last line break is empty, or was torn off by a kill
  return lines.map((line, i) => [line, parseEntry(line, i + 1, path)]);
}

/**
 * Appends synchronously: for a few bytes between two steps, waiting for a thread of the pool takes longer.
 */
function appendSync(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    const written = writeSync(descriptor, bytes, done);
    if (written === 0) throw Object.assign(new Error('the device takes no more bytes'), { code: 'ENOSPC' });
    done += written;
  }
}

/** Opens the log and removes a line that a kill or a full disk tore: the next line must not continue it. */
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
