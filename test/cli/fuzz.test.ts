import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runTool } from '../support/files/fault-injection.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();
const fuzz = (cwd: string, ...args: readonly string[]) =>
  runTool(process.execPath, [resolve('scripts/fuzz-midi.js'), ...args], { cwd });

describe('npm run fuzz', () => {
  it('finds no promise broken in 4,000 mutants, which end in all the ways there are', async () => {
    const cwd = scratch();
    const { code, stdout, stderr } = await fuzz(cwd, 'midi', '--n', '4000', '--seed', '7');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^4000 mutants of 100 files in [\d.]+ s, \d+ a second\n/);
    expect(stdout).toMatch(/\nevery promise was kept\n$/);
    const outcomes = [...stdout.matchAll(/^ *\d+ {2}(.+)$/gm)].map(([, outcome]) => outcome);
    expect(outcomes).toEqual(expect.arrayContaining(['a score', 'a score with warnings', 'MIDI_BAD_EVENT']));
    expect(outcomes.length).toBeGreaterThan(8);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.each([[[]], [['wav']], [['midi', '--n', 'many']], [['midi', '--seed', '-1']], [['midi', '--frm', 'x']]])(
    '%j is wrong usage',
    async (args) => {
      expect(await fuzz(scratch(), ...args)).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/^usage: .*\n$/),
      });
    },
  );
});
