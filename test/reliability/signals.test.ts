import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { runApollo, startApollo } from '../support/run-apollo.js';
import { scratchFolders } from '../support/files/scratch.js';

const cwd = scratchFolders()();
const endless = (out: string, ...more: readonly string[]): readonly string[] => [
  ...['train', 'data', '--out', out, '--depth', '4', '--batch', '8', '--epochs', '1000000'],
  ...more,
];

beforeAll(async () => {
  expect(await runApollo(['prepare', '--demo', '24', '--out', 'data'], { cwd })).toMatchObject({ code: 0 });
});

describe('a training', () => {
  it.each([
    ['SIGINT', 130, []],
    ['SIGTERM', 143, []],
    ['SIGTERM', 143, ['--engine', 'reference', '--depth', '1', '--batch', '2']], // its steps are slow
  ] as const)('that gets %s saves and ends with %i within 5 seconds %j', async (signal, code, more) => {
    const run = `run-${code}-${more.length}`;
    const { process: child, ended, until } = await startApollo(endless(run, ...more), { cwd });
    await until('steps  ');
    const begun = Date.now();
    child.kill(signal);
    const end = await ended;
    expect({ code: end.code, took: Date.now() - begun < 5000 }).toEqual({ code, took: true });
    expect(end.stderr).toMatch(
      /\napollo: stopped after step \d+ of \d+; everything is saved; resume with: apollo train --resume /,
    );
    const inspected = await runApollo(['inspect', run, '--json'], { cwd });
    expect(JSON.parse(inspected.stdout).steps.done).toBeGreaterThan(0);
  });

  it('that gets a second signal ends within a second', async () => {
    const { process: child, ended, until } = await startApollo(endless('twice'), { cwd });
    await until('steps  ');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const begun = Date.now();
    expect([130, 143, 'SIGINT', 'SIGTERM']).toContain((await ended).code);
    expect(Date.now() - begun).toBeLessThan(1500);
  });

  it('keeps others out of its folder, until it is killed', async () => {
    const { process: child, ended, until } = await startApollo(endless('held'), { cwd });
    await until('steps  ');
    for (const args of [['train', '--resume', 'held'], endless('held', '--force')]) {
      const { code, stderr } = await runApollo([...args, '--quiet'], { cwd });
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(
          new RegExp(`^apollo: process ${child.pid} is training in .*held; wait until it ends, or stop it\\n$`),
        ),
      });
    }
    expect(await runApollo(['inspect', 'held'], { cwd })).toMatchObject({ code: 0 });
    child.kill('SIGKILL');
    await ended;
    const next = await startApollo(['train', '--resume', 'held'], { cwd });
    await next.until('steps');
    await sleep(100);
    next.process.kill('SIGINT');
    expect((await next.ended).code).toBe(130);
  });
});
