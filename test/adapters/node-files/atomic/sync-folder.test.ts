import { resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { syncFolder } from '../../../../src/adapters/node-files/atomic/sync-folder.js';
import { scratchFolders } from '../../../support/files/scratch.js';

const folder = scratchFolders();

it('shares one sync among those who ask while another is under way, and then begins anew', async () => {
  const place = folder();
  const [first, second, third] = [syncFolder(place), syncFolder(place), syncFolder(place)];
  expect(second).not.toBe(first); // it may have begun before their names were there
  expect(third).toBe(second);
  await first;
  const fourth = syncFolder(place);
  expect(fourth).not.toBe(first);
  await Promise.all([second, third, fourth]);
  const fifth = syncFolder(place);
  expect(fifth).not.toBe(second);
  await fifth;
});

it('rejects for each who asked where there is no folder, and again for those who ask later', async () => {
  const missing = resolve(folder(), 'missing');
  const outcomes = await Promise.allSettled([syncFolder(missing), syncFolder(missing), syncFolder(missing)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(syncFolder(missing)).rejects.toThrow('ENOENT');
});
