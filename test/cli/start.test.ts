import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

/** A copy of what is started, whose code cache can be damaged. */
const root = mkdtempSync(join(tmpdir(), 'apollo-start-'));
for (const part of ['bin', 'dist', 'package.json']) cpSync(resolve(part), join(root, part), { recursive: true });
for (const part of ['node_modules', 'models']) symlinkSync(resolve(part), join(root, part));
const bundle = join(root, 'dist/bundle');
const [cache] = readdirSync(bundle).filter((name) => name.endsWith('.cache'));

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a start of the program', () => {
  const run = (...args: readonly string[]): { readonly status: number | null; readonly said: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/apollo.js'), ...args], {
      cwd: root,
      encoding: 'utf8',
    });
    return { status, said: stdout + stderr };
  };
  /** Which of the two programs ran: traces tell. */
  const ran = (): string =>
    run('inspect', 'nowhere', '--verbose').said.includes('program.cjs') ? 'one file' : 'parts';
  const models = run('models').said;

  it('takes the code that was kept when it was built, for this version of Node.js', () => {
    expect(cache).toBe(`program.cjs.${process.version}-${process.arch}.cache`);
    expect(ran()).toBe('one file');
    expect(models).toContain('apollo');
  });

  it('finds threads, pages and models from there', () => {
    expect(run('prepare', '--demo', '700', '--out', 'set', '--workers', '2', '--quiet')).toMatchObject({ status: 0 });
    expect(run('compose', '--count', '50', '--out', 'tunes', '--quiet')).toMatchObject({ status: 0 });
    expect(run('report', 'tunes')).toMatchObject({ status: 0 });
  });

  it.each([
    ['is damaged', (path: string) => truncateSync(path, 1000)],
    ['is of another program', (path: string) => writeFileSync(path, 'something else')],
    ['is missing', (path: string) => rmSync(path)],
  ])('runs the parts when the code %s', (_, damage) => {
    damage(join(bundle, cache!));
    expect(ran()).toBe('parts');
    expect(run('models')).toEqual({ status: 0, said: models });
  });

  it('says what to do before it is built', () => {
    rmSync(bundle, { recursive: true });
    expect(run('--version')).toEqual({
      status: 1,
      said: 'apollo: the program is not built yet; run: npm run build\n',
    });
  });
});
