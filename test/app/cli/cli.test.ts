import { describe, expect, it } from '@jest/globals';
import { defineCommand } from '../../../src/app/cli/command.js';
import type { Command } from '../../../src/app/cli/command.js';
import { COMMANDS } from '../../../src/app/cli/commands.js';
import { InterruptedError } from '../../../src/domain/errors.js';
import { runInProcess as run } from '../../support/run-in-process.js';

const command = (work: () => object): Command =>
  defineCommand({
    name: 'work',
    summary: 'works',
    options: {},
    examples: [['apollo work', 'works']],
    createAction: () => async () => ({ lines: ['worked on a\u001b[2J'], json: work() }),
  });

describe('the command line', () => {
  it('does not build the program for help, the version or wrong usage', async () => {
    const lines = [['--help'], ['--version'], ['train', '--help'], ['train', '--depth', '0'], ['nonsense'], []];
    for (const args of lines) expect({ args, built: (await run(args)).built }).toEqual({ args, built: 0 });
    expect((await run(['models'])).built).toBe(1);
  });

  it('gives the result to people, or to programs and then to people elsewhere', async () => {
    const commands = [command(() => ({ answer: 42 }))];
    const plain = await run(['work'], { commands });
    expect(plain).toMatchObject({ code: 0, stdout: 'worked on a\\x1b[2J\n', stderr: '' });
    const json = await run(['work', '--json'], { commands });
    expect(json).toMatchObject({ code: 0, stdout: '{"answer":42}\n', stderr: 'worked on a\\x1b[2J\n' });
    const quiet = await run(['work', '--json', '--quiet'], { commands });
    expect(quiet).toMatchObject({ stdout: '{"answer":42}\n', stderr: '' });
  });

  it('ends with what the failure says, and never throws', async () => {
    const failing = (error: unknown): readonly Command[] => [
      command(() => {
        throw error;
      }),
    ];
    expect(await run(['work'], { commands: failing(new InterruptedError('stopped')) })).toMatchObject({ code: 130 });
    expect(await run(['work'], { commands: failing(new InterruptedError('stopped')), terminated: true })).toMatchObject(
      { code: 143 },
    );
    const bug = await run(['work', '--json'], { commands: failing(new TypeError('x')) });
    expect(bug.code).toBe(1);
    expect(JSON.parse(bug.stdout)).toEqual({ error: { code: 'BUG', message: 'this is a bug in Apollo: x' } });
    expect(bug.stderr).toBe('apollo: this is a bug in Apollo: x; run again with --verbose for details\n');
    expect((await run(['work', '--verbose'], { commands: failing(new TypeError('x')) })).stderr).toMatch(
      /TypeError: x\n {4}at /,
    );
  });

  it('gives each command an example that it understands', async () => {
    for (const { name, examples } of COMMANDS) {
      expect(examples.length).toBeGreaterThan(0);
      for (const [typed] of examples) {
        const [program, ...words] = typed.split(' ');
        expect([program, words[0]]).toEqual(['apollo', name]);
        // it gets as far as asking for the program
        expect({ typed, built: (await run(words)).built }).toEqual({ typed, built: 1 });
      }
    }
  });
});
