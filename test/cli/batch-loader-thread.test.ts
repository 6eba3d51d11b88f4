import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runApollo } from '../support/run-apollo.js';
import { scratchFolders } from '../support/files/scratch.js';

const cwd = scratchFolders()();

/** Loaded by every thread of the program first: the one that is not the main one ends by itself, after two seconds. */
const DYING = `data:text/javascript,${encodeURIComponent(
  `import { isMainThread } from 'node:worker_threads'; if (!isMainThread) setTimeout(() => process.exit(9), 2000);`,
)}`;

it('a training whose thread for batches dies ends with one sentence and exit code 1, and lets go of the run', async () => {
  expect(await runApollo(['prepare', '--demo', '24', '--workers', '0', '--out', 'data'], { cwd })).toMatchObject({
    code: 0,
  });
  const words = ['--depth', '1', '--batch', '8', '--sample-every', '100000', '--checkpoint-every', '1'];
  const start = ['train', 'data', ...words, '--epochs', '100000', '--out', 'run'];
  const died = await runApollo(start, { cwd, env: { NODE_OPTIONS: `--import ${DYING}` } });
  expect(died).toMatchObject({ code: 1, stdout: '' });
  expect(died.stderr).toMatch(
    /\napollo: the thread that prepares the batches stopped: it ended with exit code 9; resume from the last checkpoint with apollo train --resume\n$/,
  );
  const kept = readdirSync(join(cwd, 'run', 'checkpoints'));
  expect(kept.every((name) => /^step-\d+\.safetensors$/.test(name))).toBe(true);
  expect(readdirSync(join(cwd, 'run'))).not.toContain('lock');
}, 120_000);
