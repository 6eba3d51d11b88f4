import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createStandardMidiWriter } from '../../src/adapters/midi/standard-midi-writer.js';
import { composeDemoTune } from '../../src/domain/demo/tune-composer.js';
import { randomStream } from '../../src/domain/random.js';
import { runApollo, mapConcurrently, lastJson } from '../support/run-apollo.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();

/** A folder with MIDI files: nine good ones, one cut short, one that is something else, one empty. */
function tunesFolder(cwd: string): void {
  mkdirSync(join(cwd, 'tunes', 'more'), { recursive: true });
  const writer = createStandardMidiWriter();
  const tune = (i: number): Uint8Array => writer.write(composeDemoTune(randomStream(5, 'tunes', i)));
  for (let i = 0; i < 9; i++) writeFileSync(join(cwd, 'tunes', i < 5 ? `t${i}.mid` : `more/t${i}.MIDI`), tune(i));
  writeFileSync(join(cwd, 'tunes', 'cut.mid'), tune(20).subarray(0, 90));
  writeFileSync(join(cwd, 'tunes', 'foreign.mid'), 'PK\u0003\u0004 is a zip file');
  writeFileSync(join(cwd, 'tunes', 'empty.mid'), '');
  writeFileSync(join(cwd, 'tunes', 'readme.txt'), 'not a tune');
}

describe('from MIDI files to a new tune', () => {
  const cwd = scratch();
  const run = async (...args: string[]): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await runApollo([...args, '--json'], { cwd });
    expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
    return lastJson(stdout) as Record<string, unknown>;
  };

  it('prepares, trains, exports, composes and inspects', async () => {
    tunesFolder(cwd);
    const prepared = await run('prepare', 'tunes', '--out', 'data', '--transpose', '-1..1');
    const outcomes = (prepared['sources'] as { name: string; outcome: string; reason?: string }[]).map(
      ({ name, outcome }) => `${name} ${outcome}`,
    );
    expect(outcomes).toHaveLength(12);
    expect(outcomes).toEqual(
      expect.arrayContaining(['t0.mid used', 'more/t8.MIDI used', 'foreign.mid refused', 'empty.mid refused']),
    );
    expect(prepared['rolls']).toBeGreaterThanOrEqual(27);

    const options = ['--depth', '2', '--epochs', '2', '--batch', '4', '--sample-every', '2', '--log-every', '2'];
    const trained = await run('train', 'data', ...options, '--out', 'runs/first');
    expect(trained['steps']).toBe(2 * Math.floor((prepared['rolls'] as number) / 4));

    const exported = await run('export', 'runs/first');
    expect(exported).toMatchObject({
      kind: 'generator',
      path: 'runs/first/model.onnx',
      architecture: 'dcgan-a',
      depth: 2,
    });

    const composed = await run(
      'compose',
      '--model',
      'runs/first/model.onnx',
      '--count',
      '2',
      '--seed',
      '7',
      '--out',
      'new',
    );
    const [tune] = composed['tunes'] as { midi: string; picture: string; notes: number }[];
    expect(readdirSync(join(cwd, 'new'))).toEqual(['tune-0001.mid', 'tune-0001.png', 'tune-0002.mid', 'tune-0002.png']);

    const midi = await run('inspect', tune!.midi);
    expect(midi).toMatchObject({ kind: 'midi', format: 1, ticksPerQuarter: 480, notes: tune!.notes });
    expect(await run('inspect', 'data')).toMatchObject({ kind: 'dataset', rolls: prepared['rolls'] });
    expect(await run('inspect', 'runs/first')).toMatchObject({ kind: 'run' });
    expect(await run('inspect', 'runs/first/model.onnx')).toMatchObject({ kind: 'model', architecture: 'dcgan-a' });
  }, 120_000);

  it('composes the same bytes from the same seed, whatever the count', async () => {
    await run('compose', '--model', 'runs/first/model.onnx', '--count', '1', '--seed', '7', '--out', 'again');
    for (const name of ['tune-0001.mid', 'tune-0001.png']) {
      expect(readFileSync(join(cwd, 'again', name)).equals(readFileSync(join(cwd, 'new', name)))).toBe(true);
    }
  });

  it('exports smaller weights, composes with them, and tells what they change', async () => {
    const whole = readFileSync(join(cwd, 'runs/first/model.onnx')).length;
    for (const precision of ['fp16', 'int8']) {
      const path = `runs/first/model-${precision}.onnx`;
      const exported = await run('export', 'runs/first', '--precision', precision);
      expect(exported).toMatchObject({ path, precision: { weights: precision, tunes: 64, cells: 64 * 64 * 256 } });
      expect(readFileSync(join(cwd, path)).length).toBeLessThan(whole);
      expect(await run('inspect', path)).toMatchObject({ kind: 'model', precision: exported['precision'] });
      await run('compose', '--model', path, '--count', '1', '--seed', '7', '--out', precision);
      expect(readdirSync(join(cwd, precision))).toEqual(['tune-0001.mid', 'tune-0001.png']);
    }
    // In fewer bits, a tune can be looked for as well.
    const like = ['--like', 'int8/tune-0001.mid', '--count', '1', '--out', 'like'];
    expect(await run('compose', '--model', 'runs/first/model-int8.onnx', ...like)).toMatchObject({ seed: 1 });
    const { code, stderr } = await runApollo(['export', 'runs/first', '--precision', 'int4'], { cwd });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/--precision must be fp32, fp16 or int8, got int4/);
  }, 60_000);

  it('refuses what cannot be done in one sentence, and writes nothing', async () => {
    const before = readdirSync(cwd, { recursive: true }).sort();
    const ends = await mapConcurrently(REFUSED, ([args]) => runApollo([...args, '--quiet'], { cwd }));
    ends.forEach(({ code, stdout, stderr }, i) => {
      const [args, what, why] = REFUSED[i]!;
      expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: '' });
      const told = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('warning: '));
      expect({ args, told }).toEqual({ args, told: [expect.stringMatching(/^apollo: /)] });
      for (const part of [what, why]) expect(told[0]).toContain(part);
    });
    expect(readdirSync(cwd, { recursive: true }).sort()).toEqual(before);
  }, 120_000);
});

/** What is typed, what the sentence must name, and what it must say. */
const REFUSED: readonly (readonly [args: readonly string[], what: string, why: string])[] = [
  [['compose', '--model', 'runs/first/model.onnx', '--out', 'new', '--count', '1'], 'new/tune-0001.mid', '--force'],
  [['prepare', 'tunes', '--out', 'data'], 'data', '--force'],
  [['train', 'data', '--depth', '2', '--epochs', '1', '--out', 'runs/first'], 'runs/first', '--force'],
  [['prepare', 'tunes', '--strict', '--out', 'strict'], 'nothing was written', 'strict'],
  [['prepare', 'nowhere', '--out', 'x'], 'nowhere', 'no such file or folder'],
  [['train', 'tunes', '--out', 'x'], 'tunes', 'dataset.json'],
  [['train', '--resume', 'tunes'], 'tunes', 'run.json'],
  [['compose', '--model', 'tunes/t0.mid', '--out', 'x'], 'tunes/t0.mid', 'model'],
  [['compose', '--model', 'runs/first/model.onnx', '--device', 'cuda', '--out', 'x'], 'cuda', 'npm run cuda'],
  [['inspect', 'tunes/foreign.mid'], 'tunes/foreign.mid', 'byte 0'],
  [['inspect', 'tunes'], 'tunes', 'no dataset.json'],
];
