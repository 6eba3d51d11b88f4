import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createNodeRunStore } from '../../../../src/adapters/node-files/run/node-run-store.js';
import { configuration } from '../../../support/run-fixtures.js';
import { scratchFolders } from '../../../support/files/scratch.js';

const scratch = scratchFolders();
const store = createNodeRunStore();
const saver = join(process.cwd(), 'test', 'support', 'files', 'save-until-killed.mjs');

it('a run that is killed again and again while it saves loses nothing that was saved', async () => {
  const path = join(scratch(), 'run');
  await (await store.create(path, configuration, { replace: false })).close();
  let before = 0;
  for (const [round, delay] of [3, 11, 17, 29, 41, 58].entries()) {
    const saved = await saveUntilKilled(path, delay);
    const run = await store.open(path, 'write'); // the lock that was left is no hindrance
    const { checkpoint, skipped } = await run.latestCheckpoint();
    expect({ round, skipped }).toEqual({ round, skipped: [] });
    expect(checkpoint!.step).toBeGreaterThanOrEqual(saved);
    expect(saved).toBeGreaterThan(before);
    expect(checkpoint!.state.get('w')!.data.every((value) => value === checkpoint!.step)).toBe(true);
    const log = await run.readLog();
    expect(log.length).toBeGreaterThanOrEqual(checkpoint!.step); // the log is never behind the checkpoint
    expect(log.slice(0, checkpoint!.step).map(({ step, loss }) => [step, loss])).toEqual(
      Array.from({ length: checkpoint!.step }, (_, i) => [i + 1, (i + 1) / 3]),
    );
    await run.saveCheckpoint(checkpoint!, new Set());
    expect(readdirSync(join(path, 'checkpoints'))).toHaveLength(1);
    await run.close();
    before = checkpoint!.step;
  }
  expect(readdirSync(path).sort()).toEqual(['checkpoints', 'log.jsonl', 'run.json', 'samples']);
}, 30_000);

/** The last step that the process said was saved before it was killed, some milliseconds after its first one. */
async function saveUntilKilled(path: string, delay: number): Promise<number> {
  const child = spawn(process.execPath, [saver, path], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let [output, complaint] = ['', ''];
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  await Promise.race([once(child.stdout, 'data'), ended]);
  setTimeout(() => child.kill('SIGKILL'), delay);
  const [, signal] = await ended;
  expect({ signal, complaint }).toEqual({ signal: 'SIGKILL', complaint: '' });
  return Number(output.split('\n').at(-2));
}
