import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { runApollo, lastJson, linesOf, PROGRAM } from '../support/run-apollo.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();
const run = promisify(execFile);
/** Runs a line of shell in which $APOLLO is the program. */
const shell = (line: string, cwd: string) =>
  run('bash', ['-c', line], { cwd, env: { ...process.env, APOLLO: `"${process.execPath}" "${PROGRAM}"` } });

describe('what goes where', () => {
  it('--json is one object on the last line of stdout, and everything else is on stderr', async () => {
    const cwd = scratch();
    const { code, stdout, stderr } = await runApollo(['prepare', '--demo', '3', '--out', 'd', '--json'], { cwd });
    expect(code).toBe(0);
    expect(linesOf(stdout)).toHaveLength(1);
    expect(lastJson(stdout)).toMatchObject({ path: 'd', rolls: 3, chunks: 1 });
    expect(stderr).toContain('3 tunes');
    expect(stderr).toContain('3/3 tunes');
  });

  it('without --json the result is on stdout; progress is on stderr, in plain lines without a terminal', async () => {
    const cwd = scratch();
    const { stdout, stderr } = await runApollo(['prepare', '--demo', '3', '--out', 'd'], { cwd });
    expect(stdout).toContain('3 rolls in 1 chunk');
    expect(stderr).toContain('3/3 tunes');
    expect(stdout + stderr).not.toMatch(/[\r\u001b]/);
  });

  it('--quiet leaves the result', async () => {
    const { code, stdout, stderr } = await runApollo(['prepare', '--demo', '3', '--out', 'd', '--quiet'], {
      cwd: scratch(),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('3 rolls in 1 chunk');
  });

  it('a failure is told to programs, too', async () => {
    const { code, stdout, stderr } = await runApollo(['inspect', 'absent', '--json'], { cwd: scratch() });
    expect(code).toBe(1);
    expect(lastJson(stdout)).toEqual({
      error: { code: 'FILE_ACCESS', message: 'cannot inspect absent: no such file or folder' },
    });
    expect(stderr).toBe('apollo: cannot inspect absent: no such file or folder\n');
  });

  it('--verbose adds where it failed', async () => {
    const { code, stderr } = await runApollo(['inspect', 'absent', '--verbose'], { cwd: scratch() });
    expect(code).toBe(1);
    expect(linesOf(stderr)[0]).toBe('apollo: cannot inspect absent: no such file or folder');
    expect(stderr).toMatch(/\n {4}at /);
  });
});

describe('a stdout that takes nothing', () => {
  it('whose reader has gone away is no error', async () => {
    const line = '{ sleep 0.5; eval "$APOLLO models"; echo "exit $?" >&2; } | true; echo "${PIPESTATUS[1]}"';
    expect((await shell(line, scratch())).stderr).toBe('exit 0\n');
  });

  it('that is full is one', async () => {
    expect(existsSync('/dev/full')).toBe(true);
    for (const words of ['models', 'models --json', '--help', '--version']) {
      const { stdout, stderr } = await shell(`eval "$APOLLO ${words}" > /dev/full; echo $?`, scratch());
      expect({ words, stdout }).toEqual({ words, stdout: '1\n' });
      expect(stderr.split('\n').at(-2)).toBe('apollo: cannot write to standard output (ENOSPC)');
    }
  });
});

describe('odd surroundings', () => {
  it('a file name cannot drive the terminal', async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, 'tunes'));
    writeFileSync(join(cwd, 'tunes', 'a\u001b[2J\nb.mid'), 'nonsense');
    const ends = [
      await runApollo(['prepare', 'tunes', '--out', 'd'], { cwd }),
      await runApollo(['prepare', 'tunes', '--out', 'd'], { cwd, env: { CI: 'true' } }), // where colors are guessed at
      await runApollo(['inspect', 'tunes/a\u001b[2J\nb.mid'], { cwd }),
    ];
    for (const { code, stdout, stderr } of ends) {
      expect(code).toBe(1);
      expect(stderr).toContain('a\\x1b[2J');
      expect(stdout + stderr).not.toContain('\u001b');
    }
  });

  it('a folder that is gone is told in a sentence', async () => {
    const line = 'mkdir gone; cd gone; rmdir ../gone; eval "$APOLLO prepare --demo 2 --out x"; echo "exit $?" >&2';
    expect((await shell(line, scratch())).stderr).toBe(
      'apollo: the folder you are in is not there any more; go to another one\nexit 1\n',
    );
  });

  it('runs without HOME, without a locale, and in a folder with spaces and signs', async () => {
    const cwd = join(scratch(), "Ein Ordner's Ärger $HOME");
    mkdirSync(cwd);
    const env = { HOME: undefined, LANG: undefined, LC_ALL: 'C', TERM: undefined };
    const { code, stderr } = await runApollo(['prepare', '--demo', '2', '--out', 'ö ü', '--quiet'], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(existsSync(join(cwd, 'ö ü', 'dataset.json'))).toBe(true);
  });
});
