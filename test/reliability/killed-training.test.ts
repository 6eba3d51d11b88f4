import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomStream } from '../../src/domain/random.js';
import { apollo, startApollo } from '../support/apollo.js';
import { digests, leftovers } from '../support/faults.js';
import { scratchFolders } from '../support/scratch.js';

const cwd = scratchFolders()();
const EPOCHS = 8;
const KILLS = 200;
/** Killed so often before it may come to its end. */
const IN_A_ROW = 5;

const start = (out: string, threads: number): readonly string[] => [
  ...['train', 'data', '--out', out, '--depth', '1', '--batch', '2', '--epochs', String(EPOCHS)],
  ...['--log-every', '2', '--checkpoint-every', '1', '--sample-every', '9', '--threads', String(threads)],
];
const whole = new Map<number, Record<string, string>>();

beforeAll(async () => {
  expect(await apollo(['prepare', '--demo', '8', '--out', 'data'], { cwd })).toMatchObject({ code: 0 });
  for (const threads of [1, 2]) {
    expect(await apollo(start(`whole-${threads}`, threads), { cwd })).toMatchObject({ code: 0 });
    whole.set(threads, digests(join(cwd, `whole-${threads}`)));
  }
  expect(Object.keys(whole.get(1)!)).toEqual(expect.arrayContaining(['log.jsonl', 'run.json']));
}, 120_000);

/** Trains, or goes on, until `moment` milliseconds after the first step was told; or to the end. */
async function trainUntilKilled(run: string, args: readonly string[], moment: number): Promise<boolean> {
  const { process: child, ended, until } = await startApollo(args, { cwd });
  const finished = ended.then(() => true);
  await Promise.race([until('steps').catch(() => undefined), finished]);
  const done = await Promise.race([sleep(moment).then(() => false), finished]);
  if (!done) child.kill('SIGKILL');
  const { code, stderr } = await ended;
  expect({ run, stderr }).toEqual({ run, stderr: expect.not.stringContaining('damaged') });
  if (code !== 'SIGKILL') expect({ run, code, stderr }).toEqual({ run, code: 0, stderr });
  return code !== 'SIGKILL';
}

/** Killed five times in a row at random moments, then trained to the end: nothing tells it from one never stopped. */
async function expectNothingLost(index: number, threads: number): Promise<number> {
  const random = randomStream(4, 'tests', index);
  const run = `run-${index}`;
  let kills = 0;
  let args = start(run, threads);
  while (kills < IN_A_ROW && !(await trainUntilKilled(run, args, random.below(250)))) {
    kills++;
    args = ['train', '--resume', run];
  }
  expect(await apollo(['train', '--resume', run], { cwd })).toMatchObject({ code: 0 });
  expect({ run, kills, files: digests(join(cwd, run)) }).toEqual({ run, kills, files: whole.get(threads) });
  expect(leftovers(join(cwd, run))).toEqual([]);
  return kills;
}

describe('a training that is killed', () => {
  it(`at ${KILLS} random moments ends as if it had not been, with one thread and with two`, async () => {
    let [kills, index] = [0, 0];
    const worker = async (): Promise<void> => {
      while (kills < KILLS) {
        const mine = index++;
        kills += await expectNothingLost(mine, 1 + (mine % 2));
      }
    };
    await Promise.all([worker(), worker()]);
    expect(kills).toBeGreaterThanOrEqual(KILLS);
  }, 600_000);
});

describe('a training that is stopped in the middle of an epoch', () => {
  it.each([1, 2])('five times in a row ends as if it had not been, with %i threads', async (threads) => {
    const run = `stopped-${threads}`;
    let args = start(run, threads);
    for (let stops = 0; stops < 5; stops++) {
      const { process: child, ended, until } = await startApollo(args, { cwd });
      await until('steps');
      child.kill(stops % 2 === 0 ? 'SIGINT' : 'SIGTERM');
      expect((await ended).code).toBe(stops % 2 === 0 ? 130 : 143);
      args = ['train', '--resume', run];
    }
    expect(await apollo(args, { cwd })).toMatchObject({ code: 0 });
    expect(digests(join(cwd, run))).toEqual(whole.get(threads));
  });
});

describe('a damaged newest checkpoint', () => {
  it('is passed over, with a warning, for the one before; then nothing is lost', async () => {
    cpSync(join(cwd, 'whole-1'), join(cwd, 'damaged'), { recursive: true });
    const newest = Object.keys(whole.get(1)!).filter((path) => path.startsWith('checkpoints/')).at(-1)!; // prettier-ignore
    const { readFileSync, writeFileSync } = await import('node:fs');
    const bytes = readFileSync(join(cwd, 'damaged', newest));
    bytes[bytes.length - 100]! ^= 16;
    writeFileSync(join(cwd, 'damaged', newest), bytes);
    const { code, stderr } = await apollo(['train', '--resume', 'damaged'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /warning: passed over a damaged checkpoint, damaged\/checkpoints\/step-\d+\.safetensors: tensor "[^"]+" .* was changed/,
    );
    expect(stderr).toMatch(/going on from step 28 of 32/);
    expect(digests(join(cwd, 'damaged'))).toEqual(whole.get(1));
  });
});
