import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decode } from 'fast-png';
import { createStandardMidiReader } from '../../src/adapters/midi/standard-midi-reader.js';
import { runApollo, lastJson, startApollo } from '../support/run-apollo.js';
import { scratchFolders } from '../support/files/scratch.js';

const cwd = scratchFolders()();
/** So many that a thread writes them down. */
const MANY = 60;
const compose = (...words: string[]): string[] => ['compose', '--model', resolve('models/dcgan-a.onnx'), ...words];

const namesIn = (folder: string): string[] => readdirSync(join(cwd, folder)).sort();
const numbered = (count: number, ...ends: string[]): string[] =>
  Array.from({ length: count }, (_, i) => `tune-${String(i + 1).padStart(4, '0')}`)
    .flatMap((tune) => ends.map((end) => tune + end))
    .sort();

/** Each can be read from start to end. */
function expectWhole(folder: string, names: readonly string[]): void {
  for (const name of names) {
    const bytes = readFileSync(join(cwd, folder, name));
    if (name.endsWith('.mid')) expect(createStandardMidiReader().read(bytes).warnings).toEqual([]);
    else expect(decode(bytes).width).toBeGreaterThan(100);
  }
}

function expectOnly(folder: string, names: readonly string[]): void {
  expect(namesIn(folder)).toEqual(names);
  expectWhole(folder, names);
}

describe('compose of many tunes', () => {
  beforeAll(async () => {
    const many = await runApollo(compose('--count', String(MANY), '--seed', '3', '--out', 'many', '--json'), { cwd });
    expect(many.code).toBe(0);
    const { tunes } = lastJson(many.stdout) as { tunes: { index: number; midi: string; notes: number }[] };
    expect(tunes.map(({ index }) => index)).toEqual(Array.from({ length: MANY }, (_, i) => i + 1));
    for (const { midi, notes } of tunes) {
      const { score } = createStandardMidiReader().read(readFileSync(join(cwd, midi)));
      expect(score.tracks.reduce((sum, track) => sum + track.notes.length, 0)).toBe(notes);
    }
  }, 60_000);

  it('writes each, and the same bytes as of few, which no thread writes', async () => {
    expectOnly('many', numbered(MANY, '.mid', '.png'));
    const few = await runApollo(compose('--count', '20', '--seed', '3', '--out', 'few'), { cwd });
    expect(few.code).toBe(0);
    const names = numbered(20, '.mid', '.png');
    expectOnly('few', names);
    for (const name of names) {
      const [one, other] = ['few', 'many'].map((folder) => readFileSync(join(cwd, folder, name)));
      expect([name, Buffer.compare(one!, other!)]).toEqual([name, 0]);
    }
  }, 60_000);

  it('draws certainties as well', async () => {
    const words = ['--count', String(MANY), '--seed', '3', '--weights', '--out', 'weights'];
    expect(await runApollo(compose(...words), { cwd })).toMatchObject({ code: 0 });
    expectOnly('weights', numbered(MANY, '.mid', '.png', '-weights.png'));
    const [one, other] = ['weights', 'many'].map((folder) => readFileSync(join(cwd, folder, 'tune-0050.mid')));
    expect(Buffer.compare(one!, other!)).toBe(0);
  }, 60_000);

  it('refuses to replace any of them unless told to', async () => {
    mkdirSync(join(cwd, 'taken'));
    writeFileSync(join(cwd, 'taken', 'tune-0057.png'), 'a picture of mine');
    expect(await runApollo(compose('--count', String(MANY), '--out', 'taken'), { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^apollo: taken\/tune-0057\.png would be replaced; use --force [^\n]*\n$/),
    });
    expect(namesIn('taken')).toEqual(['tune-0057.png']);
  });

  it('ends with one sentence and exit code 1 where a file cannot be written, and keeps complete files', async () => {
    mkdirSync(join(cwd, 'broken', 'tune-0030.png'), { recursive: true });
    const ended = await runApollo(compose('--count', '2000', '--force', '--out', 'broken'), { cwd });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr.split('\n').filter((line) => line.startsWith('apollo: '))).toEqual([
      expect.stringMatching(/^apollo: cannot write broken\/tune-0030\.png: /),
    ]);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    const names = namesIn('broken').filter((name) => name !== 'tune-0030.png');
    expect(names.length).toBeGreaterThan(58);
    expect(names.length).toBeLessThan(400);
    expect(names.every((name) => /^tune-\d{4}\.(mid|png)$/.test(name))).toBe(true);
  }, 60_000);

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops cleanly at %s and says how many tunes are there', async (signal, code) => {
    const started = await startApollo(compose('--count', '50000', '--out', signal), { cwd });
    await started.until(' tunes');
    started.process.kill(signal);
    const ended = await started.ended;
    expect(ended).toMatchObject({ code, stdout: '' });
    const sentence = /\napollo: composing was stopped after (\d+) of 50000 tunes; those are in SIG[A-Z]+\n$/;
    const said = sentence.exec(ended.stderr);
    const count = Number(said?.[1]);
    expect(count).toBeGreaterThan(0);
    const names = namesIn(signal);
    expect(names).toHaveLength(2 * count);
    expectWhole(signal, names);
  }, 60_000); // prettier-ignore
});

/** Loaded by every thread of the program first: the one that is not the main one ends by itself, after two seconds. */
const DYING = `data:text/javascript,${encodeURIComponent(
  `import { isMainThread } from 'node:worker_threads'; if (!isMainThread) setTimeout(() => process.exit(9), 2000);`,
)}`;

it('compose whose thread dies ends with one sentence and exit code 1; what it wrote is whole', async () => {
  const env = { NODE_OPTIONS: `--import ${DYING}` };
  const died = await runApollo(compose('--count', '50000', '--out', 'died'), { cwd, env });
  expect(died).toMatchObject({ code: 1, stdout: '' });
  const sentence = 'the thread that writes the tunes stopped: it ended with exit code 9; tunes that it wrote are whole';
  expect(`\n${died.stderr}`.endsWith(`\napollo: ${sentence}\n`)).toBe(true);
  const named = namesIn('died').filter((name) => !name.startsWith('.'));
  expect(named.length).toBeGreaterThan(0);
  expectWhole('died', named);
}, 60_000);
