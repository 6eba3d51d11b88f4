import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createNodeRunStore } from '../../src/adapters/node-files/run/node-run-store.js';
import { createNodeDatasetStore } from '../../src/adapters/node-files/dataset/node-dataset-store.js';
import { runApollo, linesOf, PROGRAM } from '../support/run-apollo.js';
import { runTool } from '../support/files/fault-injection.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();

/**
 * Runs lines of shell with a file system of 1 MiB at `small`, which $APOLLO can fill; afterwards what is left on it is
 * in `kept`. The file system goes with the namespace it was mounted in.
 */
async function onSmallDisk(cwd: string, lines: readonly string[]) {
  for (const name of ['small', 'kept']) mkdirSync(join(cwd, name));
  const script = ['set -u', 'mount -t tmpfs -o size=1m tmpfs small', ...lines, 'cp -a small/. kept/'].join('\n');
  const root = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
  const env = { APOLLO: `${process.execPath} ${PROGRAM}` };
  return runTool('unshare', [...root, 'bash', '-c', script], { cwd, env });
}

const told = (stderr: string): readonly string[] => linesOf(stderr).filter((line) => line.startsWith('apollo: '));

describe('a disk of 1 MiB', () => {
  it('fails the save that does not fit, says which file, and keeps the checkpoint before', async () => {
    const cwd = scratch();
    expect(await runApollo(['prepare', '--demo', '8', '--out', 'data'], { cwd })).toMatchObject({ code: 0 });
    const options =
      '--depth 1 --batch 2 --epochs 30 --checkpoint-every 1 --sample-every 99 --keep 99 --threads 1 --quiet';
    const { stdout, stderr } = await onSmallDisk(cwd, [`$APOLLO train data --out small/run ${options}; echo $?`]);
    expect({ stdout, stderr }).toEqual({ stdout: '1\n', stderr: expect.any(String) });
    expect(told(stderr)).toEqual([
      expect.stringMatching(
        /^apollo: cannot write small\/run\/.*: no space left on device( \(at least \d+ bytes needed\))?$/,
      ),
    ]);
    const run = await createNodeRunStore().open(join(cwd, 'kept', 'run'), 'write');
    const { checkpoint, skipped } = await run.latestCheckpoint();
    expect({ skipped, some: checkpoint!.step > 4 }).toEqual({ skipped: [], some: true });
    const names = (await runTool('find', ['kept', '-name', '.apollo*'], { cwd })).stdout;
    expect(names).toBe('');
    await run.close();
    // With room again it goes on, and ends as if the disk had always been large.
    const resumed = await runApollo(['train', '--resume', 'kept/run', '--keep', '1'], { cwd });
    expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining('120 steps') });
  });

  it('fails a dataset that does not fit, says the path and the bytes, and keeps the old one', async () => {
    const cwd = scratch();
    const { stdout, stderr } = await onSmallDisk(cwd, [
      '$APOLLO prepare --demo 5 --out small/set --quiet >/dev/null',
      'sha256sum small/set/*',
      '$APOLLO prepare --demo 2000 --out small/set --force --quiet; echo $?',
      '$APOLLO prepare --demo 2000 --out small/other --quiet; echo $?',
      'sha256sum small/set/*; ls -A small',
    ]);
    const lines = linesOf(stdout);
    const [before, codes, after] = [lines.slice(0, 2), lines.slice(2, 4), lines.slice(4)];
    expect(codes).toEqual(['1', '1']);
    expect(after).toEqual([...before, 'set']);
    const sentence = (name: string): unknown =>
      expect.stringMatching(
        new RegExp(
          `^apollo: cannot write .*small/${name}/chunk-00000.npy: ` +
            'no space left on device \\(at least \\d+ bytes needed\\)$',
        ),
      );
    expect(told(stderr)).toEqual([sentence('set'), sentence('other')]);
    expect((await createNodeDatasetStore().open(join(cwd, 'kept', 'set'))).manifest.sources).toHaveLength(5);
  });

  it('fails tunes and a model that do not fit', async () => {
    const cwd = scratch();
    const fill = 'head -c 1040000 /dev/zero > small/filler';
    const { stdout, stderr } = await onSmallDisk(cwd, [
      fill,
      '$APOLLO compose --out small/tunes --quiet; echo $?',
      'ls -AR small/tunes | grep apollo; rm small/filler',
    ]);
    expect(stdout).toBe('1\n');
    expect(told(stderr)).toEqual([
      expect.stringMatching(/^apollo: cannot write small\/tunes.*no space left on device/),
    ]);
  });
});

describe('a read-only disk', () => {
  it('fails with the path and the bytes needed, and leaves all as it is', async () => {
    const cwd = scratch();
    const { stdout, stderr } = await onSmallDisk(cwd, [
      '$APOLLO prepare --demo 5 --out small/set --quiet >/dev/null',
      'mount -o remount,ro small',
      '$APOLLO prepare --demo 6 --out small/set --force --quiet; echo $?',
      '$APOLLO prepare --demo 6 --out small/new --quiet; echo $?',
      '$APOLLO train small/set --out small/run --depth 1 --batch 2 --epochs 1 --quiet; echo $?',
      'ls -A small',
    ]);
    expect(linesOf(stdout)).toEqual(['1', '1', '1', 'set']);
    const lines = told(stderr);
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toMatch(/^apollo: cannot write .*small\/(set|new|run).*: read-only file system/);
    for (const line of lines.slice(0, 2)) expect(line).toMatch(/\(at least \d+ bytes needed\)$/);
    expect(existsSync(join(cwd, 'kept', 'set', 'dataset.json'))).toBe(true);
  });
});
