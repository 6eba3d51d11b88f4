import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorCode } from './file-access.js';

/**
 * `.apollo-<machine>-<process>-<random>.tmp`: hidden, short, and says whose it is, so that what a killed process left
 * behind can be told from what a living one is writing.
 */
export const temporaryName = (): string => `.apollo-${machine()}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`;

/** Deletes what killed processes of this machine left half written in a folder. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(isLeftover)) {
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isLeftover(name: string): boolean {
  const [, owner, pid] = /^\.apollo-([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{12}\.tmp$/.exec(name) ?? [];
  return owner === machine() && pid !== undefined && !isAlive(Number(pid));
}

/** Containers that share a disk number their processes alike, but have names of their own. */
export const machine = (): string => createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (cause) {
    return errorCode(cause) !== 'ESRCH'; // EPERM: another user's, alive
  }
}
