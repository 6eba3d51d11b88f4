import { constants } from 'node:fs';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RunInUseError } from '../../../domain/errors.js';
import { writeNewFile } from '../atomic/atomic-write.js';
import { errorCode, fileAccessError } from '../atomic/file-access-error.js';
import { removePath } from '../atomic/remove-path.js';
import { hostId, temporaryName } from '../atomic/temporary-name.js';

export const LOCK_FILE = 'lock';

/** Which process holds a run. A process number alone is used again; with the process's start time it is unique. */
interface LockHolder {
  readonly hostId: string;
  readonly pid: number;
  /** Changes with every start of the system; '' where that is not known. */
  readonly bootId: string;
  /** When the process started, in the system's ticks; '' where that is not known. */
  readonly startTime: string;
}

/** Lets go of a lock. */
export type Unlock = () => Promise<void>;

/**
 * Takes the lock of the run in `folder`. One that a dead process left behind is taken over.
 *
 * @throws RunInUseError while a living process holds it, be it this one
 */
export async function lockRun(folder: string): Promise<Unlock> {
  const path = join(folder, LOCK_FILE);
  const mine = await ownLockText();
  const holder = await acquire(path, mine);
  if (holder !== undefined) throw runInUseError(folder, holder);
  return () => release(path, mine);
}

/**
 * Creates the lock file `path`. The lock of a dead process is replaced, never moved away: only a process that holds the
 * lock's own lock file may replace it, after a second check. So of several processes that found it dead, none can
 * replace the lock that the first of them has made since.
 *
 * @returns the living process that has it, or is about to
 */
async function acquire(path: string, text: string): Promise<LockHolder | undefined> {
  for (let attempt = 0; attempt < 10; attempt++) {
    if (await createLockFile(path, text)) return undefined;
    const found = await readLock(path);
    if (found === undefined) continue; // let go between the two looks
    const holder = parseHolder(found);
    if (holder !== undefined && (await isHolderAlive(holder))) return holder;
    const heir = takeoverLockPath(path);
    const rival = await acquire(heir, text);
    if (rival !== undefined) return rival;
    if ((await readLock(path)) === found) {
      await replaceFile(heir, path);
      return undefined;
    }
    await removePath(heir); // another has been there
  }
  throw new RunInUseError(`the lock ${path} changes hands too fast; another process is about to train there`);
}

/** Locks a run that nobody else can see yet: its folder is `folder` now and will be renamed to `later`. */
export async function lockNewRun(folder: string, later: string): Promise<Unlock> {
  const text = await ownLockText();
  await writeNewFile(join(folder, LOCK_FILE), Buffer.from(text));
  return () => release(join(later, LOCK_FILE), text);
}

function runInUseError(folder: string, holder: LockHolder): RunInUseError {
  return holder.hostId === hostId()
    ? new RunInUseError(`process ${holder.pid} is training in ${folder}; wait until it ends, or stop it`)
    : new RunInUseError(
        `process ${holder.pid} of another machine is training in ${folder}; ` +
          `when you know that it has ended, delete ${join(folder, LOCK_FILE)}`,
      );
}

/** Makes the lock file with its text in one step, so that nobody sees it empty; false when there is one already. */
async function createLockFile(path: string, text: string): Promise<boolean> {
  const temporary = join(dirname(path), temporaryName());
  try {
    await writeNewFile(temporary, Buffer.from(text));
    await link(temporary, path);
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false;
    if (!NO_LINK_ERROR_CODES.has(errorCode(cause))) throw fileAccessError('write', path, cause);
    return await createLockFileWithoutLinks(path, text);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined); // goes with the next one's leftovers
  }
}

async function createLockFileWithoutLinks(path: string, text: string): Promise<boolean> {
  try {
    await writeNewFile(path, Buffer.from(text));
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false;
    throw fileAccessError('write', path, cause);
  }
}

/**
 * A hidden file, not part of a run. If a process dies while it takes over a lock, the next one takes over this file,
 * too.
 */
const takeoverLockPath = (path: string): string => join(dirname(path), `.apollo-heir-of-${basename(path)}`);

async function replaceFile(from: string, path: string): Promise<void> {
  try {
    await rename(from, path);
  } catch (cause) {
    await rm(from, { force: true }).catch(() => undefined);
    throw fileAccessError('write', path, cause);
  }
}

async function release(path: string, mine: string): Promise<void> {
  if ((await readLock(path)) === mine) await removePath(path);
}

async function readLock(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_LOCK_BYTES), 0, MAX_LOCK_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw fileAccessError('read', path, cause);
  }
}

/** Undefined for an incomplete file, which a power cut may leave: nobody holds that lock. */
function parseHolder(text: string): LockHolder | undefined {
  const [, host, pid, bootId, startTime] = /^([0-9a-f]{8}) (\d{1,10}) ([\w-]*) (\d*)\n$/.exec(text) ?? [];
  if (host === undefined || pid === undefined || bootId === undefined || startTime === undefined) return undefined;
  return { hostId: host, pid: Number(pid), bootId, startTime };
}

async function ownLockText(): Promise<string> {
  return `${hostId()} ${process.pid} ${await readBootId()} ${(await processStartTime(process.pid)) ?? ''}\n`;
}

async function isHolderAlive({ hostId: host, pid, bootId, startTime }: LockHolder): Promise<boolean> {
  if (host !== hostId()) return true; // cannot be asked from here
  if (bootId !== (await readBootId())) return false;
  const start = await processStartTime(pid);
  if (start !== undefined && startTime !== '') return start === startTime;
  try {
    process.kill(pid, 0); // signal 0 only asks
    return startTime === ''; // where start times are known, a process without one is gone
  } catch (cause) {
    return errorCode(cause) !== 'ESRCH'; // EPERM: another user's, alive
  }
}

/** Ticks from the system's start to the process's, on Linux; undefined for a dead process and where /proc is not. */
async function processStartTime(pid: number): Promise<string | undefined> {
  const facts = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // `123 (name, which may hold anything) S 1 ...`: state is field 3, start time field 22
  const fields = facts?.slice(facts.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

const readBootId = async (): Promise<string> =>
  (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();

const MAX_LOCK_BYTES = 256;

/** Error codes of file systems without hard links. */
const NO_LINK_ERROR_CODES = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EOPNOTSUPP']);
