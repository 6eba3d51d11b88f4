import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { defineCommand } from '../../../src/app/cli/command.js';
import type { Command } from '../../../src/app/cli/command.js';
import { flag, text, integer } from '../../../src/app/cli/option.js';
import { findCommand, parseCommandLine } from '../../../src/app/cli/parse-command-line.js';

/** What the command was given, as its outcome. */
const echo = defineCommand({
  name: 'echo',
  summary: 'give back what it got',
  positionals: { usage: '[word...]', describe: 'any words', min: 0, max: Infinity },
  options: {
    out: text('folder', 'somewhere', undefined),
    seed: integer('a seed', 0, 100, 1),
    force: flag('by force'),
  },
  examples: [['apollo echo a b', 'gives a and b']],
  createAction: (values, words) => async () => ({ lines: [], json: { ...values, words } }),
});
const strict = defineCommand({
  ...echo,
  name: 'strict',
  positionals: { ...echo.positionals!, usage: '<word>', min: 1, max: 1 },
  createAction: echo.createAction as never,
});
const COMMANDS: readonly Command[] = [echo, strict];

async function run(...args: string[]): Promise<unknown> {
  const parsed = await parseCommandLine(args, findCommand(args, COMMANDS), COMMANDS, 80);
  if (parsed.kind !== 'command') return parsed;
  return (await parsed.run(() => Promise.reject(new Error('no services')))).json;
}

describe('the words of a command line', () => {
  it('arrive as they were typed, whatever they look like', async () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }).filter((s) => !s.includes('\0')),
      fc.constantFrom(
        '-1',
        '--out',
        '1e3',
        '007',
        '0x10',
        'true',
        '--',
        '-',
        '"quoted"',
        "'q'",
        '__proto__',
        '--seed=5',
        'echo',
        'a=b',
        '-h',
        '--no-force',
        'a.b',
        '\n',
      ),
    );
    await fc.assert(
      fc.asyncProperty(word, fc.array(word), fc.nat(100), async (out, words, seed) => {
        const got = await run('echo', `--out=${out}`, '--seed', String(seed), '--', ...words);
        expect(got).toEqual({ out, seed, force: false, words });
      }),
    );
  });

  it('may be mixed with options in any order, and before the command only those of every command', async () => {
    expect(await run('--json', 'echo', 'a', '--force', 'b', '--seed', '3', '-')).toEqual({
      out: undefined,
      seed: 3,
      force: true,
      words: ['a', 'b', '-'],
    });
  });

  it('of an option given twice, the last counts', async () => {
    expect(await run('echo', '--seed', '3', '--out', 'a', '--seed=4')).toMatchObject({ seed: 4, out: 'a' });
  });

  it('a value may start with a dash and a digit, or after an equals sign with anything', async () => {
    await expect(run('echo', '--seed', '-5')).rejects.toThrow('--seed must be a whole number from 0 to 100, got -5');
    expect(await run('echo', '--out', '-5..6')).toMatchObject({ out: '-5..6' });
    expect(await run('echo', '--out=--force')).toMatchObject({ out: '--force', force: false });
    expect(await run('echo', '-o', 'x')).toMatchObject({ out: 'x' });
  });

  it.each([
    [['echo', '--sed', '1'], 'there is no option --sed; did you mean "--seed"?'],
    [['echo', '--xyzzy'], 'there is no option --xyzzy'],
    [['echo', '--__proto__', '1'], 'there is no option --__proto__'],
    [['echo', '--constructor=1'], 'there is no option --constructor'],
    [['echo', '-x'], 'there is no option -x; if it is a file'],
    [['echo', '--no-force'], 'there is no option --no-force'],
    [['echo', '--force=false'], '--force takes no value, got false'],
    [['echo', '--out'], '--out needs a value (folder)'],
    [['echo', '--out', '--force'], '--force is no value; if it is meant, write --out=--force'],
    [['echo', '--out='], '--out is empty'],
    [['strict'], '<word> is missing: any words'],
    [['strict', 'a', 'b c'], 'unexpected argument "b c"'],
    [['strict', ''], '<word> is empty'],
    [['ecoh', 'a'], 'there is no command ecoh; did you mean "echo"?'],
    [['xyzzy'], 'there is no command xyzzy'],
    [[], 'name a command: echo, strict'],
    [['--out', 'x', 'echo'], 'there is no command x'],
  ])('%j is refused', async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
  });

  it('--help and --version come before what is wrong besides', async () => {
    expect(await run('strict', '--help')).toMatchObject({
      kind: 'help',
      text: expect.stringContaining('apollo strict <word> [options]'),
    });
    expect(await run('strict', '--seed', 'x', '-h')).toMatchObject({ kind: 'help' });
    expect(await run('--help')).toMatchObject({ kind: 'help', text: expect.stringContaining('give back what it got') });
    expect(await run('strict', '--version')).toEqual({ kind: 'version' });
    expect(await run('--version', '--json')).toEqual({ kind: 'version' });
  });
});
