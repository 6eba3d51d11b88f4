import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { createNodeFileStore } from '../../../src/adapters/node-files/node-file-store.js';
import { fileStoreContract } from '../../contracts/file-store.contract.js';
import { scratchFolders } from '../../support/files/scratch.js';

const scratch = scratchFolders();

fileStoreContract('node', async () => ({ files: createNodeFileStore(), root: scratch() }));

describe('node file store', () => {
  it('refuses a pipe instead of waiting for its writer', async () => {
    const pipe = `${scratch()}/pipe`;
    execFileSync('mkfifo', [pipe]);
    await expect(createNodeFileStore().read(pipe)).rejects.toThrow(
      `cannot read ${pipe}: it is a named pipe, not a file`,
    );
  });

  it('says in words what the system said', async () => {
    const root = scratch();
    await expect(createNodeFileStore().read(root)).rejects.toThrow('it is a folder, not a file');
    await expect(createNodeFileStore().read(`${root}/x`)).rejects.toThrow('no such file or folder');
  });
});
