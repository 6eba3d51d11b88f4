import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createNodeDatasetStore } from '../../src/adapters/node-files/dataset/node-dataset-store.js';
import { createNodeRunStore } from '../../src/adapters/node-files/run/node-run-store.js';
import { DESCRIPTION, writeTestDataset, SMALL_FORMAT } from '../contracts/dataset-store.contract.js';
import { runApollo, startApollo } from '../support/run-apollo.js';
import { leftovers, runWithFault, type Fault } from '../support/files/fault-injection.js';
import { checkpointOf, configuration } from '../support/run-fixtures.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();
const [datasets, runs] = [createNodeDatasetStore(), createNodeRunStore()];
const NEW_ROLLS = 600; // two chunks, while the old one has one
const later = { ...configuration, seed: 8 };
/** System calls that change the disk. `write` also covers the moments between all calls, as in killed-save.test.ts. */
const CHANGES = ['write', 'pwrite64,writev', 'fsync', 'rename', 'link,mkdir', 'unlink,rmdir'];

/** What can be replaced: how the old one is made, and which one stands there now. */
interface Subject {
  make(path: string): Promise<void>;
  /** Fails for anything that is not whole. */
  look(path: string): Promise<'old' | 'new'>;
  replace(path: string): Promise<void>;
}

const SUBJECTS: Readonly<Record<'dataset' | 'run', Subject>> = {
  dataset: {
    make: async (path) => void (await writeTestDataset(datasets, path, 5)),
    look: async (path) => {
      const dataset = await datasets.open(path);
      const { rolls } = dataset.manifest;
      await dataset.close();
      expect([5, NEW_ROLLS]).toContain(rolls);
      return rolls === 5 ? 'old' : 'new';
    },
    replace: async (path) => void (await writeTestDataset(datasets, path, 5, { replace: true })),
  },
  run: {
    make: async (path) => {
      const run = await runs.create(path, configuration, { replace: false });
      await run.saveCheckpoint(checkpointOf(3), new Set());
      await run.close();
    },
    look: async (path) => {
      const run = await runs.open(path, 'write'); // the lock that was left is no hindrance
      const { checkpoint, skipped } = await run.latestCheckpoint();
      const { seed } = run.configuration;
      await run.close();
      expect({ seed, step: checkpoint?.step, skipped }).toEqual(
        seed === 7 ? { seed: 7, step: 3, skipped: [] } : { seed: 8, step: undefined, skipped: [] },
      );
      return seed === 7 ? 'old' : 'new';
    },
    replace: async (path) => (await runs.create(path, configuration, { replace: true })).close(),
  },
};

describe.each(['dataset', 'run'] as const)('a %s that is replaced', (kind) => {
  const { make, look, replace } = SUBJECTS[kind];
  let before: string;
  let plan: string;
  beforeAll(async () => {
    before = scratch();
    await make(join(before, 'it'));
    plan = join(scratch(), 'plan.json');
    const rolls = NEW_ROLLS;
    writeFileSync(
      plan,
      JSON.stringify({ format: SMALL_FORMAT, rolls, description: DESCRIPTION, configuration: later }),
    );
  });

  /** Replaces a copy, the `when`th call going wrong. */
  async function attempt(fault: Fault, calls: string, when: number) {
    const folder = scratch();
    const path = join(folder, 'it');
    cpSync(before, folder, { recursive: true });
    const program = [resolve('test/support/files/replace-once.mjs'), kind, path, plan];
    return { ...(await runWithFault(fault, calls, when, program, folder)), folder, path };
  }

  it('is the old one or the new one after a kill at any of the system calls', async () => {
    const found = new Set<string>();
    let absent = 0;
    for (const calls of CHANGES) {
      for (let when = 1; ; when++) {
        const { injected, code, stdout, folder, path } = await attempt('signal=KILL', calls, when);
        if (!injected) {
          expect({ calls, code, stdout }).toEqual({ calls, code: 0, stdout: 'replaced\n' });
          if (calls !== 'pwrite64,writev') expect({ calls, some: when > 1 }).toEqual({ calls, some: true });
          break;
        }
        if (!existsSync(path)) absent++; // between the two renames; opening finds what was moved aside
        const which = await look(path);
        if (stdout !== '') expect(which).toBe('new');
        found.add(which);
        await replace(path);
        expect({ calls, when, names: readdirSync(folder) }).toEqual({ calls, when, names: ['it'] });
        expect(leftovers(folder)).toEqual([]);
      }
    }
    expect([...found].sort()).toEqual(['new', 'old']);
    expect(absent).toBeGreaterThan(0);
  });

  it.each(['fsync', 'rename', 'link,mkdir'])(
    'is the old one, and nothing else is left, after an error at any %s',
    async (calls) => {
      let failed = 0;
      for (let when = 1; ; when++) {
        const fault = when % 2 === 0 ? 'error=EIO' : 'error=ENOSPC';
        const { injected, code, stdout, stderr, folder, path } = await attempt(fault, calls, when);
        if (!injected) break;
        const which = await look(path);
        if (stdout !== '') expect(which).toBe('new');
        if (code === 0) continue;
        failed++;
        expect({ when, which, stderr }).toEqual({ when, which: 'old', stderr: expect.stringMatching(LOUD) });
        expect({ when, names: readdirSync(folder) }).toEqual({ when, names: ['it'] });
      }
      expect(failed).toBeGreaterThan(0);
    },
  );
});

describe('the program, killed while it replaces a dataset', () => {
  it('leaves the old one or the new one at each of 24 moments', async () => {
    const cwd = scratch();
    const path = join(cwd, 'set');
    expect(await runApollo(['prepare', '--demo', '5', '--out', 'set'], { cwd })).toMatchObject({ code: 0 });
    let killed = 0;
    for (let i = 1; i <= 24; i++) {
      const rolls = i % 2 === 0 ? '5' : String(NEW_ROLLS);
      const { process: child, ended } = await startApollo(['prepare', '--demo', rolls, '--out', 'set', '--force'], {
        cwd,
      });
      setTimeout(() => child.kill('SIGKILL'), i * 40);
      killed += Number((await ended).code === 'SIGKILL');
      await SUBJECTS.dataset.look(path);
    }
    expect(killed).toBeGreaterThan(5);
    await SUBJECTS.dataset.replace(path);
    expect(readdirSync(cwd)).toEqual(['set']);
  });
});

const LOUD = /^FILE_ACCESS: cannot .*\n$/;
