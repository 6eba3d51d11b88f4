import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeFolders } from '../../../../src/adapters/node-files/atomic/make-folders.js';
import { scratchFolders } from '../../../support/files/scratch.js';

const scratch = scratchFolders();

describe('makeFolders', () => {
  it('makes what is missing, and says from where on', async () => {
    const folder = scratch();
    expect(await makeFolders(join(folder, 'a', 'b', 'c'))).toBe(join(folder, 'a'));
    expect(await makeFolders(join(folder, 'a', 'b', 'd'))).toBe(join(folder, 'a', 'b', 'd'));
    expect(await makeFolders(join(folder, 'a', 'b', 'c'))).toBeUndefined();
    expect(await makeFolders('/')).toBeUndefined();
    expect(existsSync(join(folder, 'a', 'b', 'c'))).toBe(true);
  });

  it('may be called by many at once', async () => {
    const folder = join(scratch(), 'x', 'y');
    await Promise.all(Array.from({ length: 20 }, () => makeFolders(folder)));
    expect(existsSync(folder)).toBe(true);
  });

  it.each([
    ['on a file', 'file', 'EEXIST'],
    ['below a file', 'file/a/b', 'ENOTDIR'],
    ['of a name that is too long', `${'n'.repeat(256)}/a`, 'ENAMETOOLONG'],
  ])('fails %s', async (_where, path, code) => {
    const folder = scratch();
    writeFileSync(join(folder, 'file'), '');
    await expect(makeFolders(join(folder, path))).rejects.toMatchObject({ code });
  });

  it('ends where nothing can be made', async () => {
    await expect(makeFolders('/proc/apollo/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
  }, 5000);
});
