import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createStandardMidiWriter } from '../../src/adapters/midi/standard-midi-writer.js';
import { composeDemoTune } from '../../src/domain/demo/tune-composer.js';
import { randomStream } from '../../src/domain/random.js';
import { runApollo, linesOf, PROGRAM } from '../support/run-apollo.js';
import { runTool } from '../support/files/fault-injection.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();
const env = { APOLLO: `${process.execPath} ${PROGRAM}` };
const shell = (line: string, cwd: string, before: readonly string[] = []) => {
  const [command, ...args] = [...before, 'bash', '-c', line];
  return runTool(command!, args, { cwd, env });
};

/** Without what `train` rightly says of a network that has hardly been trained. */
const complaints = (stderr: string): string =>
  stderr.replace(/^warning: [^\n]*the generator has collapsed[^\n]*\n/gm, '');

/** All that a person does, from no file to a new tune. */
const JOURNEY = [
  '$APOLLO prepare --demo 6 --out "$0/data" --quiet',
  '$APOLLO train "$0/data" --out "$0/run" --depth 1 --batch 2 --epochs 1 --quiet',
  '$APOLLO export "$0/run" --quiet',
  '$APOLLO compose --model "$0/run/model.onnx" --count 1 --out "$0/tunes" --quiet',
  '$APOLLO inspect "$0/tunes/tune-0001.mid"',
].join(' && ');

describe('from no file to a new tune', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = scratch();
  });
  const journey = async (folder: string, before: readonly string[] = []): Promise<void> => {
    mkdirSync(join(cwd, folder), { recursive: true });
    const [command, ...args] = [...before, 'bash', '-c', JOURNEY, folder];
    const { code, stderr } = await runTool(command!, args, { cwd, env });
    expect({ folder, code, stderr: complaints(stderr) }).toEqual({ folder, code: 0, stderr: '' });
    expect(readdirSync(join(cwd, folder, 'tunes'))).toEqual(['tune-0001.mid', 'tune-0001.png']);
  };

  it('without HOME', () => journey('homeless', ['env', '-u', 'HOME']));
  it('with a home that cannot be written to', () => journey('read-only home', ['env', 'HOME=/proc']));
  it('without a network', () => journey('offline', ['unshare', ...(process.getuid?.() === 0 ? ['-n'] : ['-rn'])]));
  it('in a path of 200 characters with spaces', () => journey(`${'a long name '.repeat(16)}of a folder`));
  it('without a temporary folder', () => journey('no tmp', ['env', 'TMPDIR=/nowhere', 'TMP=/nowhere']));

  it('with a umask of 077, which all files keep to', async () => {
    await journey('private', ['bash', '-c', 'umask 077; exec "$@"', '-']);
    for (const path of readdirSync(join(cwd, 'private'), { recursive: true }).map(String)) {
      expect({ path, mode: statSync(join(cwd, 'private', path)).mode & 0o077 }).toEqual({ path, mode: 0 });
    }
  });
});

describe('stdout', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = scratch();
    expect(await runApollo(['prepare', '--demo', '40', '--out', 'data'], { cwd })).toMatchObject({ code: 0 });
    mkdirSync(join(cwd, 'tunes'));
    const tune = createStandardMidiWriter().write(composeDemoTune(randomStream(1, 'tunes', 0)));
    for (let i = 0; i < 3000; i++) writeFileSync(join(cwd, 'tunes', `a tune with quite a long name ${i}.mid`), tune);
  });
  const COMMANDS = [
    'prepare tunes --out "set$RANDOM"',
    'inspect data',
    'models',
    'doctor',
    'compose --count 2 --out "out$RANDOM"',
    'train data --out "run$RANDOM" --depth 1 --batch 8 --epochs 1',
    '--help',
  ];

  it.each(COMMANDS)('that is closed after a line is no trouble: %s', async (words) => {
    const { code, stdout, stderr } = await shell(`$APOLLO ${words} --quiet | head -1; echo "\${PIPESTATUS[0]}"`, cwd);
    expect({ code, stderr: complaints(stderr) }).toEqual({ code: 0, stderr: '' });
    expect(linesOf(stdout)).toHaveLength(2);
    expect(linesOf(stdout)[1]).toBe('0');
  });

  it.each(COMMANDS)('that is full ends with 1: %s', async (words) => {
    const { stdout, stderr } = await shell(`$APOLLO ${words} --quiet > /dev/full; echo $?`, cwd);
    expect(stdout).toBe('1\n');
    expect(complaints(stderr)).toBe('apollo: cannot write to standard output (ENOSPC)\n');
  });
});

describe('names', () => {
  it('with anything in them are read or reported, and nothing that is printed drives a terminal', async () => {
    const cwd = scratch();
    const tune = createStandardMidiWriter().write(composeDemoTune(randomStream(1, 'tunes', 0)));
    const names = [
      'sp ace',
      "quo'te",
      'dou"ble',
      'new\nline',
      '-dash',
      '--help',
      'esc\u001b[2J',
      'c1\u009b2J',
      'rtl\u202e',
      'del\u007f',
      'tab\t',
      'n'.repeat(251),
      '`id`',
      '$(id)',
      '*',
      '#',
      '~',
      '%s%n',
      '\\x1b',
    ];
    mkdirSync(join(cwd, 'tunes'));
    for (const name of names) writeFileSync(join(cwd, 'tunes', `${name}.mid`), tune);
    writeFileSync(
      Buffer.concat([Buffer.from(join(cwd, 'tunes/latin')), Buffer.from([0xe9, 0xff]), Buffer.from('.mid')]),
      tune,
    );
    mkdirSync(join(cwd, 'tunes', 'folder.mid'));
    await shell(
      [
        'cd tunes; ln -s loop-b.mid loop-a.mid; ln -s loop-a.mid loop-b.mid; ln -s . here.mid',
        'ln -s /etc/passwd out.mid; mkfifo pipe.mid; mknod zero.mid c 1 5 || ln -s /dev/zero zero.mid; ln -s .. up',
      ].join('; '),
      cwd,
    );
    const { code, stdout, stderr } = await runApollo(['prepare', 'tunes', '--out', 'set', '--json'], { cwd });
    expect(code).toBe(0);
    const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
    expect(stdout + stderr).not.toMatch(unsafe);
    const { sources } = JSON.parse(stdout) as { sources: readonly { name: string; outcome: string }[] };
    const of = (outcome: string): string[] =>
      sources.filter((source) => source.outcome === outcome).map(({ name }) => name);
    expect(of('used').sort()).toEqual([...names.map((name) => `${name}.mid`), 'latin\\xe9\\xff.mid'].sort());
    expect(of('refused').sort()).toEqual([
      'folder.mid/',
      'here.mid',
      'loop-a.mid',
      'loop-b.mid',
      'out.mid',
      'pipe.mid',
      'zero.mid',
    ]);
    expect(stderr.split('\n').filter((line) => line.startsWith('used'))).toHaveLength(names.length + 1);
  });

  it('in the text of a file are escaped as well', async () => {
    const cwd = scratch();
    const score = composeDemoTune(randomStream(1, 'tunes', 0));
    const named = { ...score, tracks: score.tracks.map((track) => ({ ...track, name: 'a\u001b[2J\u009b\u202e\nb' })) };
    writeFileSync(join(cwd, 'x.mid'), createStandardMidiWriter().write(named));
    for (const more of [[], ['--json']]) {
      const { code, stdout, stderr } = await runApollo(['inspect', 'x.mid', ...more], { cwd });
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      if (more.length > 0) expect(JSON.parse(stdout).voices[0].name).toBe('a\u001b[2J\u009b\u202e\nb');
    }
  });
});

it('a folder that is gone, and one that may not be read, are told in a sentence', async () => {
  const cwd = scratch();
  const gone = await shell(
    'mkdir gone; cd gone; rmdir ../gone; $APOLLO models > /dev/null; echo $?; ' +
      '$APOLLO prepare --demo 2 --out x; echo $?',
    cwd,
  );
  expect(gone.stdout).toBe('1\n1\n');
  const sentence = 'apollo: the folder you are in is not there any more; go to another one\n';
  expect(gone.stderr).toBe(sentence + sentence);
  mkdirSync(join(cwd, 'closed'));
  chmodSync(join(cwd, 'closed'), 0);
  const closed = await runApollo(['inspect', 'closed'], { cwd });
  expect(closed.code).toBe(1);
  expect(closed.stderr).toMatch(/^apollo: .*closed.*\n$/);
});
