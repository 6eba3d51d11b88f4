import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorCode } from './file-access-error.js';

/**
 * `.apollo-<machine>-<process>-<random>.tmp`: hidden, short, and says whose it is, so that what a killed process left
 * behind can be told from what a living one is writing.
 */
export const temporaryName = (): string => `${ownNamePrefix()}.tmp`;

/**
 * `.apollo-<machine>-<process>-<random>-<digest of the name>.old`: what is called `name` while another takes its place.
 */
export const backupName = (name: string): string => `${ownNamePrefix()}-${shortDigest(name)}.old`;

/** The backups of `name` by dead processes, among the names in its folder. */
export const findBackup = (names: readonly string[], name: string): string | undefined =>
  names.find((candidate) => parseLeftoverName(candidate)?.aside === shortDigest(name));

/**
 * Deletes what killed processes of this machine left half written in a folder. What one of them moved aside and put
 * nothing in the place of stays.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  let standing: ReadonlySet<string> | undefined;
  for (const name of names) {
    const leftover = parseLeftoverName(name);
    if (leftover === undefined) continue;
    standing ??= new Set(names.map(shortDigest));
    if (leftover.aside !== undefined && !standing.has(leftover.aside)) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whether a name is that of something a dead process left; `aside`: the digest of the name it stood under. */
function parseLeftoverName(name: string): { readonly aside: string | undefined } | undefined {
  const [, owner, pid, aside] =
    /^\.apollo-([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{12}(?:\.tmp|-([0-9a-f]{8})\.old)$/.exec(name) ?? [];
  return owner !== undefined && owner === hostId() && pid !== undefined && !isAlive(Number(pid))
    ? { aside }
    : undefined;
}

const ownNamePrefix = (): string => `.apollo-${hostId()}-${process.pid}-${randomBytes(6).toString('hex')}`;

const shortDigest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** Containers that share a disk number their processes alike, but have names of their own. */
export const hostId = (): string => shortDigest(hostname());

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (cause) {
    return errorCode(cause) !== 'ESRCH'; // EPERM: another user's, alive
  }
}
