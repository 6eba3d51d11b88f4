import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { publishFolder, restoreBackup } from '../../../../src/adapters/node-files/atomic/publish-folder.js';
import { removeLeftovers } from '../../../../src/adapters/node-files/atomic/temporary-name.js';
import { scratchFolders } from '../../../support/files/scratch.js';

const scratch = scratchFolders();
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
let parent: string;
let [target, finished] = ['', ''];

beforeEach(() => {
  parent = scratch();
  [target, finished] = [join(parent, 'set'), join(parent, 'finished')];
  put(target, 'old');
  put(finished, 'new');
});
afterEach(() => {
  jest.restoreAllMocks();
});

function put(folder: string, text: string): void {
  mkdirSync(folder);
  writeFileSync(join(folder, 'text'), text);
}
const textAt = (folder: string): string => readFileSync(join(folder, 'text'), 'utf8');

/** The name under which process `pid` moved `name` aside. */
const aside = (pid: number, name = 'set'): string =>
  join(parent, `.apollo-${digest(hostname())}-${pid}-0123456789ab-${digest(name)}.old`);

/** A process that has ended, and whose number is not used again so soon. */
const dead = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('a folder that replaces another', () => {
  it('has its name, and the other is gone', async () => {
    await publishFolder(finished, target, true);
    expect([readdirSync(parent), textAt(target)]).toEqual([['set'], 'new']);
  });

  it('does not replace when it is not to', async () => {
    await expect(publishFolder(finished, target, false)).rejects.toThrow('ENOTEMPTY');
    expect([readdirSync(parent).sort(), textAt(target)]).toEqual([['finished', 'set'], 'old']);
  });

  it('gives way again when it cannot take the name', async () => {
    await expect(publishFolder(join(parent, 'none'), target, true)).rejects.toThrow('ENOENT');
    expect([readdirSync(parent).sort(), textAt(target)]).toEqual([['finished', 'set'], 'old']);
  });

  it('gives way again when nobody knows whether its name would last', async () => {
    const handle = await open(join(target, 'text'));
    const handles = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    jest.spyOn(handles, 'sync').mockRejectedValue(Object.assign(new Error('broken'), { code: 'EIO' }) as never);
    await expect(publishFolder(finished, target, true)).rejects.toThrow('broken');
    expect([readdirSync(parent).sort(), textAt(target)]).toEqual([['finished', 'set'], 'old']);
  });
});

describe('what a killed process had moved aside', () => {
  beforeEach(() => publishFolder(target, aside(dead()), false));

  it('is found again where nothing took its place, also after a look for leftovers', async () => {
    await removeLeftovers(parent);
    await restoreBackup(join(parent, 'other'));
    expect(existsSync(target)).toBe(false);
    await restoreBackup(target);
    expect([readdirSync(parent).sort(), textAt(target)]).toEqual([['finished', 'set'], 'old']);
  });

  it('is a leftover where something did', async () => {
    await publishFolder(finished, target, false);
    await restoreBackup(target);
    expect(textAt(target)).toBe('new');
    await removeLeftovers(parent);
    expect(readdirSync(parent)).toEqual(['set']);
  });
});

it('what a living process has moved aside is its own', async () => {
  await publishFolder(target, aside(process.pid), false);
  await restoreBackup(target);
  expect(existsSync(target)).toBe(false);
  expect(textAt(aside(process.pid))).toBe('old');
});
