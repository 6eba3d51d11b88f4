import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createStandardMidiWriter } from '../../src/adapters/midi/standard-midi-writer.js';
import { composeDemoTune } from '../../src/domain/demo/tune-composer.js';
import { randomStream } from '../../src/domain/random.js';
import { runApollo, startApollo } from '../support/run-apollo.js';
import { fileDigests } from '../support/files/fault-injection.js';
import { HOSTILE_FILES } from '../support/midi/hostile-midi.js';
import { scratchFolders } from '../support/files/scratch.js';

const cwd = scratchFolders()();
const prepare = (out: string, ...more: readonly string[]) =>
  runApollo(['prepare', 'tunes', '--out', out, '--quiet', ...more], { cwd });

/** Tunes, hostile files, files too large for workers (one is damaged), an empty file and a folder named like a file. */
beforeAll(() => {
  const writer = createStandardMidiWriter();
  const tunes = Array.from({ length: 40 }, (_, i) => writer.write(composeDemoTune(randomStream(4, 'tunes', i))));
  const folder = join(cwd, 'tunes');
  mkdirSync(join(folder, 'sub', 'folder.mid'), { recursive: true });
  for (let i = 0; i < 700; i++) {
    const bytes = i % 7 === 3 ? HOSTILE_FILES[i % HOSTILE_FILES.length]!.bytes : tunes[i % tunes.length]!;
    writeFileSync(join(folder, i % 2 === 0 ? '' : 'sub', `${i}.mid`), bytes);
  }
  for (const name of ['100.mid', '350.mid', '699.mid']) {
    const path = join(folder, Number(name.slice(0, 3)) % 2 === 0 ? '' : 'sub', name);
    appendFileSync(path, Buffer.alloc(2 ** 20 + 7, name)); // skipped with a warning
  }
  writeFileSync(join(folder, 'empty.mid'), '');
});

describe('prepare', () => {
  it('gives the same files and the same report whatever the number of workers', async () => {
    const alone = await prepare('alone', '--workers', '0', '--layback', '3');
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    const made = fileDigests(join(cwd, 'alone'));
    expect(Object.keys(made).length).toBeGreaterThan(4);
    for (const workers of ['1', '2', '3', '8', undefined]) {
      const words = workers === undefined ? [] : ['--workers', workers];
      const ended = await prepare('other', '--force', '--layback', '3', ...words);
      expect({ workers, ...ended, stdout: ended.stdout.replace(/^other/m, 'alone') }).toEqual({ workers, ...alone });
      expect({ workers, made: fileDigests(join(cwd, 'other')) }).toEqual({ workers, made });
    }
  });

  it('complains of the same files under --strict', async () => {
    const alone = await prepare('strict', '--strict', '--workers', '0');
    expect(alone).toMatchObject({ code: 1, stdout: '' });
    expect(alone.stderr.split('\n').length).toBeGreaterThan(20);
    expect(await prepare('strict', '--strict', '--workers', '3')).toEqual(alone);
    expect(readdirSync(cwd)).not.toContain('strict');
  });

  it.each(['0', '2'])('that is interrupted ends with 130 and leaves nothing, with --workers %s', async (workers) => {
    const words = ['prepare', '--demo', '1000000', '--out', 'stopped', '--workers', workers];
    const started = await startApollo(words, { cwd });
    await started.until('1/1000000 tunes');
    const begun = Date.now();
    started.process.kill('SIGINT');
    expect(await started.ended).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringMatching(/\napollo: preparing was stopped; nothing was written\n$/),
    });
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(readdirSync(cwd).filter((name) => name === 'stopped' || name.startsWith('.apollo'))).toEqual([]);
  });

  it('says in one sentence that a worker died, and leaves nothing', async () => {
    const killer = join(cwd, 'killer.mjs');
    writeFileSync(
      killer,
      `import { isMainThread } from 'node:worker_threads'; if (!isMainThread) setTimeout(() => process.exit(5), 300);`,
    );
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(killer).href}` };
    const words = ['prepare', '--demo', '1000000', '--out', 'dead', '--quiet', '--workers', '2', '--json'];
    const { code, stdout, stderr } = await runApollo(words, { cwd, env });
    const message =
      'a worker thread stopped before its work was done: it ended with exit code 5; try again with fewer workers';
    expect({ code, stderr, stdout: JSON.parse(stdout) }).toEqual({
      code: 1,
      stderr: `apollo: ${message}\n`,
      stdout: { error: { code: 'WORKER', message } },
    });
    expect(readdirSync(cwd).filter((name) => name === 'dead' || name.startsWith('.apollo'))).toEqual([]);
  });

  it.each(['-1', '257', '1.5', 'many', ''])('refuses --workers %j', async (workers) => {
    expect(await prepare('never', '--workers', workers)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--workers must be a whole number from 0 to 256'),
    });
  });
});
