import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createStandardMidiWriter } from '../../src/adapters/midi/standard-midi-writer.js';
import { composeDemoTune } from '../../src/domain/demo/tune-composer.js';
import { randomStream } from '../../src/domain/random.js';
import { runApollo, PROGRAM } from '../support/run-apollo.js';
import { fileDigests, runTool } from '../support/files/fault-injection.js';
import { HOSTILE_FILES } from '../support/midi/hostile-midi.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();
const writer = createStandardMidiWriter();
const tune = (i: number): Uint8Array => writer.write(composeDemoTune(randomStream(9, 'tunes', i)));

describe('ten thousand files', () => {
  it('take less than 350 MB, each is in the report once, and 256 MB of heap are enough', async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, 'tunes'));
    const [tunes, hostile] = [Array.from({ length: 50 }, (_, i) => tune(i)), HOSTILE_FILES];
    for (let i = 0; i < 10_000; i++) {
      const bytes = i % 10 === 0 ? hostile[(i / 10) % hostile.length]!.bytes : tunes[i % tunes.length]!;
      writeFileSync(join(cwd, 'tunes', `${(i * 7919) % 10_000}.mid`), bytes);
    }
    const args = ['-f', 'KB %M', process.execPath, '--max-old-space-size=256', PROGRAM];
    const prepare = ['prepare', 'tunes', '--out', 'set', '--quiet', '--json'];
    const { code, stdout, stderr } = await runTool('/usr/bin/time', [...args, ...prepare], { cwd });
    expect(code).toBe(0);
    expect(Number(/KB (\d+)/.exec(stderr)![1])).toBeLessThan(350_000);
    const { sources } = JSON.parse(stdout) as { sources: readonly { name: string; outcome: string; code?: string }[] };
    expect(sources.map(({ name }) => name)).toEqual(readdirSync(join(cwd, 'tunes')).sort());
    const refused = sources.filter(({ outcome }) => outcome === 'refused');
    expect(refused.length).toBeGreaterThan(300);
    expect(refused.filter((source) => !/^MIDI_[A-Z_]+$/.test(source.code ?? ''))).toEqual([]);
  });
});

describe('the same folder gives the same bytes', () => {
  it('whatever the order of the folder, the number of cores and threads, the language and the time zone', async () => {
    const cwd = scratch();
    const names = ['Zebra', 'äpfel', 'apple', 'a10', 'a9', 'ß', 'I', 'ı', '\u{1d11e}', '\uff01', 'b/a', 'b-a'];
    for (const [folder, order] of [
      ['one', names],
      ['two', [...names].reverse()],
    ] as const) {
      mkdirSync(join(cwd, folder, 'tunes', 'b'), { recursive: true });
      for (const name of order) writeFileSync(join(cwd, folder, 'tunes', `${name}.mid`), tune(names.indexOf(name)));
    }
    const prepare = [process.execPath, PROGRAM, 'prepare', 'tunes', '--layback', '2', '--quiet', '--out'];
    const ways: readonly (readonly [string, string, readonly string[], Record<string, string>])[] = [
      ['one', 'plain', [], {}],
      ['two', 'reverse', [], {}],
      ['two', 'turkish', [], { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' }],
      ['one', 'c', [], { LC_ALL: 'C', TZ: 'America/Caracas' }],
      ['one', 'one-core', ['taskset', '-c', '0'], { UV_THREADPOOL_SIZE: '1' }],
      ['two', 'many-threads', [], { UV_THREADPOOL_SIZE: '16' }],
    ];
    const sets: Record<string, string>[] = [];
    for (const [folder, out, before, env] of ways) {
      const [command, ...args] = [...before, ...prepare, out];
      const ended = await runTool(command!, args, { cwd: join(cwd, folder), env });
      expect({ out, code: ended.code, stderr: ended.stderr }).toEqual({ out, code: 0, stderr: '' });
      sets.push(fileDigests(join(cwd, folder, out)));
    }
    expect(Object.keys(sets[0]!)).toEqual(['chunk-00000.npy', 'dataset.json']);
    for (const set of sets) expect(set).toEqual(sets[0]);
  });
});

describe('the hostile files', () => {
  it('are each read or refused with a code and a byte, by prepare and by inspect alike', async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, 'tunes'));
    HOSTILE_FILES.forEach(({ bytes }, i) =>
      writeFileSync(join(cwd, 'tunes', `${String(i).padStart(3, '0')}.mid`), bytes),
    );
    const { code, stdout } = await runApollo(['prepare', 'tunes', '--out', 'set', '--quiet', '--json'], { cwd });
    expect(code).toBe(0);
    const { sources } = JSON.parse(stdout) as {
      sources: readonly { outcome: string; code?: string; offset?: number }[];
    };
    HOSTILE_FILES.forEach(({ name, outcome }, i) => {
      const { code: reason = '', offset } = sources[i]!;
      if (outcome.startsWith('MIDI_'))
        expect({ name, told: `${reason} at ${offset}` }).toEqual({ name, told: outcome });
      else
        expect({ name, outcome: sources[i]!.outcome }).toEqual({ name, outcome: expect.not.stringMatching('refused') });
    });
    const refused = HOSTILE_FILES.findIndex(({ outcome }) => outcome.startsWith('MIDI_BAD_EVENT'));
    const path = `tunes/${String(refused).padStart(3, '0')}.mid`;
    const inspected = await runApollo(['inspect', path, '--json'], { cwd });
    expect(JSON.parse(inspected.stdout)).toEqual({
      error: { code: 'MIDI_BAD_EVENT', message: expect.stringMatching(new RegExp(`^${path}: byte \\d+: `)) },
    });
  });

  it('leave what was prepared before as it was, when none can be used', async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, 'bad'));
    writeFileSync(join(cwd, 'bad', 'x.mid'), HOSTILE_FILES[5]!.bytes);
    expect(await runApollo(['prepare', '--demo', '3', '--out', 'set'], { cwd })).toMatchObject({ code: 0 });
    cpSync(join(cwd, 'set'), join(cwd, 'copy'), { recursive: true });
    expect(await runApollo(['prepare', 'bad', '--out', 'set', '--force'], { cwd })).toMatchObject({ code: 1 });
    expect(fileDigests(join(cwd, 'set'))).toEqual(fileDigests(join(cwd, 'copy')));
    expect(readdirSync(cwd).sort()).toEqual(['bad', 'copy', 'set']);
    expect(readFileSync(join(cwd, 'set', 'dataset.json'), 'utf8')).toContain('demo composer');
  });
});
