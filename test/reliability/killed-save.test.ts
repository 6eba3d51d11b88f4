import { cpSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createNodeRunStore } from '../../src/adapters/node-files/run/node-run-store.js';
import type { Run } from '../../src/ports/run-store.js';
import { leftovers, runWithFault, type Fault } from '../support/files/fault-injection.js';
import { configuration } from '../support/run-fixtures.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();
const store = createNodeRunStore();
const SAVE = [resolve('test/support/files/save-once.mjs')];
/**
 * System calls that change the disk, and how often a save makes each at least. After each file operation Node's file
 * thread wakes the main thread with a `write`, so `write` covers the moments between all calls.
 */
const CHANGES = [
  ['write', 20],
  ['pwrite64,writev,fdatasync,ftruncate,mkdir,rmdir', 0],
  ['fsync', 4], // the folder too
  ['rename', 1],
  ['link', 1],
  ['unlink', 2],
] as const;

let before: string;
beforeAll(async () => {
  before = join(scratch(), 'run');
  const run = await store.create(before, configuration, { replace: false });
  await run.appendLog([{ step: 1, epoch: 1, loss: 1 / 3 }]);
  const w = { shape: [5000], data: new Float32Array(5000).fill(1) };
  await run.saveCheckpoint({ step: 1, model: configuration.model, state: new Map([['w', w]]) }, new Set());
  await run.close();
});

/** Saves step 2 in a copy of the run, the `when`th call going wrong. */
async function save(fault: Fault, calls: string, when: number) {
  const cwd = scratch();
  const path = join(cwd, 'run');
  cpSync(before, path, { recursive: true });
  return { ...(await runWithFault(fault, calls, when, [...SAVE, path], cwd)), path };
}

/** The checkpoint that is found is the old one or the new one, whole, with the log of all steps before it. */
async function expectWhole(run: Run, saved: boolean): Promise<number> {
  const { checkpoint, skipped } = await run.latestCheckpoint();
  expect(skipped).toEqual([]);
  expect([1, 2]).toContain(checkpoint!.step);
  if (saved) expect(checkpoint!.step).toBe(2);
  expect(checkpoint!.state.get('w')!.data.every((value) => value === checkpoint!.step)).toBe(true);
  const log = await run.readLog();
  expect(log.slice(0, checkpoint!.step).map(({ step }) => step)).toEqual([1, 2].slice(0, checkpoint!.step));
  return checkpoint!.step;
}

describe('a save that is killed', () => {
  it('at any of its system calls leaves the old checkpoint or the new one', async () => {
    const found = new Set<number>();
    for (const [call, least] of CHANGES) {
      let when = 1;
      for (; ; when++) {
        const { injected, code, stdout, path } = await save('signal=KILL', call, when);
        if (!injected) {
          expect({ code, stdout }).toEqual({ code: 0, stdout: 'saved 2\n' });
          break;
        }
        found.add(await goOn(path, stdout !== ''));
      }
      expect({ call, calls: when - 1 >= least }).toEqual({ call, calls: true });
    }
    expect([...found].sort()).toEqual([1, 2]);
  });
});

async function goOn(path: string, saved: boolean): Promise<number> {
  const looking = await store.open(path, 'read');
  await expectWhole(looking, saved);
  await looking.close();
  const next = await store.open(path, 'write'); // the lock that was left is no hindrance
  const step = await expectWhole(next, saved);
  await next.rewind(step, 0);
  const w = { shape: [5000], data: new Float32Array(5000).fill(step + 1) };
  await next.saveCheckpoint({ step: step + 1, model: configuration.model, state: new Map([['w', w]]) }, new Set());
  await next.close();
  expect(leftovers(path)).toEqual([]);
  expect(readdirSync(join(path, 'checkpoints'))).toHaveLength(1);
  return step;
}

describe('a save that meets an error', () => {
  it.each(['write,pwrite64,writev', 'fsync,fdatasync', 'rename', 'ftruncate,link,unlink,mkdir', 'close'])(
    'at any %s fails loudly or is whole, and leaves nothing half written',
    async (calls) => {
      let failed = 0;
      for (let when = 1; ; when++) {
        const fault = when % 2 === 0 ? 'error=EIO' : 'error=ENOSPC';
        const { injected, code, stdout, stderr, path } = await save(fault, calls, when);
        if (!injected) break;
        if (stderr !== '') expect(stderr).toMatch(/^FILE_ACCESS: cannot .*\n$/);
        const run = await store.open(path, 'read');
        await expectWhole(run, stdout !== '');
        await run.close();
        if (typeof code === 'string') continue; // a write of Node's own, without which it aborts
        failed += Number(stdout === '' && code !== 0);
        const half = leftovers(path).filter((name) => name.startsWith('checkpoints'));
        expect({ when, half }).toEqual({ when, half: calls.includes('unlink') ? expect.anything() : [] });
      }
      if (!calls.includes('link')) expect(failed).toBeGreaterThan(0);
    },
  );
});
