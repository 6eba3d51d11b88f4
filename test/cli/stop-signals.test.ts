import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { runApollo, startApollo } from '../support/run-apollo.js';
import { scratchFolders } from '../support/files/scratch.js';

const cwd = scratchFolders()();
const TRAIN = [
  'train',
  'data',
  '--depth',
  '2',
  '--batch',
  '4',
  '--log-every',
  '3',
  '--sample-every',
  '4',
  '--checkpoint-every',
  '3',
];
const train = (out: string, epochs: number) => [...TRAIN, '--epochs', String(epochs), '--out', out];

/** Every file below a folder with its bytes. */
function contents(folder: string): Record<string, string> {
  const paths = readdirSync(join(cwd, folder), { recursive: true }).map(String).sort();
  const files = paths.filter((path) => statSync(join(cwd, folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(cwd, folder, path), 'base64')]));
}

beforeAll(async () => {
  expect(await runApollo(['prepare', '--demo', '24', '--out', 'data'], { cwd })).toMatchObject({ code: 0 });
});

describe('a training that is asked to stop', () => {
  it('saves, ends with 130, and resumes to the same bytes', async () => {
    const whole = await runApollo(train('whole', 5), { cwd });
    expect(whole.code).toBe(0);

    const started = await startApollo(train('stopped', 5), { cwd });
    await started.until('1/30 steps');
    started.process.kill('SIGINT');
    const stopped = await started.ended;
    expect(stopped).toMatchObject({ code: 130, stdout: '' });
    expect(stopped.stderr).toMatch(
      /\napollo: stopped after step \d+ of 30; everything is saved; resume with: apollo train --resume stopped\n$/,
    );

    const resumed = await runApollo(['train', '--resume', 'stopped'], { cwd });
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringMatching(/resuming from step [1-9]\d* of 30/) });
    expect(Object.keys(contents('whole')).length).toBeGreaterThan(20);
    expect(contents('stopped')).toEqual(contents('whole'));
  }, 120_000);

  it('and is killed instead, twice, resumes to the same bytes', async () => {
    let args: readonly string[] = train('killed', 5);
    for (const words of ['1/30 steps', ' steps  ']) {
      const started = await startApollo(args, { cwd });
      await started.until(words);
      started.process.kill('SIGKILL');
      expect((await started.ended).code).toBe('SIGKILL');
      args = ['train', '--resume', 'killed'];
    }
    expect(await runApollo(args, { cwd })).toMatchObject({ code: 0 });
    expect(contents('killed')).toEqual(contents('whole'));
  }, 120_000);

  it('by SIGTERM ends with 143, and by a second signal at once', async () => {
    const started = await startApollo(train('terminated', 100_000), { cwd });
    await started.until('1/600000 steps');
    started.process.kill('SIGTERM');
    expect((await started.ended).code).toBe(143);

    const again = await startApollo(['train', '--resume', 'terminated'], { cwd });
    await again.until('600000 steps');
    const start = Date.now();
    again.process.kill('SIGINT');
    again.process.kill('SIGINT');
    await sleep(0);
    again.process.kill('SIGINT');
    const { code } = await again.ended;
    expect(['SIGINT', 130]).toContain(code);
    expect(Date.now() - start).toBeLessThan(2000);
  }, 120_000);

  it('refuses to resume with other settings, and can be trained for longer', async () => {
    const other = await runApollo(['train', '--resume', 'whole', '--seed', '2'], { cwd });
    expect(other).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('whole was started with --seed 1, which cannot change'),
    });
    const longer = await runApollo([...train('whole', 6), '--resume'], { cwd });
    expect(longer).toMatchObject({ code: 0, stdout: expect.stringContaining('36 steps (6 of them now)') });
  }, 120_000);
});
