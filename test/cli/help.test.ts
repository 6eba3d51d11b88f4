import { describe, expect, it } from '@jest/globals';
import { runApollo, mapConcurrently } from '../support/run-apollo.js';
import { scratchFolders } from '../support/files/scratch.js';

const cwd = scratchFolders()();
const COMMANDS = [
  'compose',
  'render',
  'prepare',
  'inspect',
  'train',
  'export',
  'evaluate',
  'report',
  'models',
  'doctor',
];

describe('help', () => {
  it('of the program names every command and no other', async () => {
    const { code, stdout, stderr } = await runApollo(['--help'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect([...stdout.matchAll(/^ {2}apollo (\w+) {2}/gm)].map(([, name]) => name)).toEqual(COMMANDS);
    expect(await runApollo(['help'], { cwd })).toEqual({ code, stdout, stderr });
  });

  it('of each command says how to call it, and gives an example that the command understands', async () => {
    const helps = await mapConcurrently(COMMANDS, (name) =>
      runApollo([name, '--help'], { cwd, env: { LANG: 'de_DE.UTF-8' } }),
    );
    helps.forEach(({ code, stdout, stderr }, i) => {
      const name = COMMANDS[i]!;
      expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`^apollo ${name}( [<[][^ ]+)? \\[options\\]\n`));
      expect(stdout).toMatch(new RegExp(`\nExamples:\n  apollo ${name}`));
      expect(stdout).toContain('--json');
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
    });
  });

  it('gives the version', async () => {
    const ends = await Promise.all([runApollo(['--version'], { cwd }), runApollo(['train', '--version'], { cwd })]);
    for (const end of ends) expect(end).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });
});
