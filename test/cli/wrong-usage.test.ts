import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { runApollo, mapConcurrently } from '../support/run-apollo.js';
import { runInProcess } from '../support/run-in-process.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();

/** What was typed, and what the one line must say. */
const WRONG: readonly (readonly [args: readonly string[], says: string])[] = [
  [
    [],
    'apollo: name a command: compose, render, prepare, inspect, train, export, evaluate, report, models, doctor; ' +
      'see apollo --help',
  ],
  [['trian'], 'there is no command trian; did you mean "train"? See apollo --help'],
  [['Doctor'], 'did you mean "doctor"?'],
  [['frobnicate'], 'apollo: there is no command frobnicate; see apollo --help'],
  [['--frobnicate'], 'apollo: there is no option --frobnicate; see apollo --help'],
  [['\u001b[2J'], 'there is no command "\\u001b[2J"'],
  [
    ['compose', '--count', '0'],
    'apollo compose: --count must be a whole number from 1 to 100000, got 0; see apollo compose --help',
  ],
  [['compose', '--count', '1e3'], 'got 1e3'],
  [['compose', '--count'], '--count needs a value (number)'],
  [['compose', '--count', '--seed', '1'], '--count needs a value (number), and --seed is no value'],
  [['compose', '--seed', '-1'], '--seed must be a whole number from 0 to 9007199254740991, got -1'],
  [['compose', '--seed', '9007199254740992'], 'got 9007199254740992'],
  [['compose', '--threshold', '0'], '--threshold must be a number between 0 and 1, got 0'],
  [['compose', '--device', 'gpu'], '--device must be auto, cpu or cuda, got gpu'],
  [['compose', '--program', '128'], '--program must be a whole number from 0 to 127, got 128'],
  [['compose', '--qpm', '0'], '--qpm must be a number from 4 to 1000, got 0'],
  [['compose', '--cuont', '3'], 'there is no option --cuont; did you mean "--count"?'],
  [['compose', '--no-force'], 'there is no option --no-force'],
  [['compose', '--force=yes'], '--force takes no value, got yes'],
  [['compose', 'tune.mid'], 'unexpected argument tune.mid'],
  [['compose', '--quiet', '--verbose'], '--quiet and --verbose contradict each other'],
  [['prepare'], '--out is missing'],
  [['prepare', '--out', 'd'], 'name MIDI files or folders, or use --demo'],
  [['prepare', 'x', '--demo', '3', '--out', 'd'], 'name no files with it'],
  [['prepare', 'x', '--voices', '--channels', 'all:onset', '--out', 'd'], '--voices is short for a list of --channels'],
  [['train', 'd', '--out', 'r', '--recipe', 'gamma'], '--recipe: "gamma" is not a name and a number'],
  [['prepare', '--demo', '0', '--out', 'd'], '--demo must be a whole number from 1 to 1000000, got 0'],
  [
    ['prepare', 'x', '--out', 'd', '--transpose', '6..-5'],
    '--transpose: the first number must not be more than the second',
  ],
  [['prepare', 'x', '--out', 'd', '--transpose', '3'], '--transpose: semitones are written as in -5..6'],
  [['prepare', 'x', '--out', 'd', '--columns', '250'], 'the number of columns must be a multiple of 8, got 250'],
  [
    ['prepare', 'x', '--out', 'd', '--lowest-pitch', '100'],
    'the number of pitches must be a whole number from 1 to 28',
  ],
  [['prepare', 'x', '--out', 'd', '--channels', 'all'], '--channels: channel "all" is not a voice and a kind'],
  [['prepare', 'x', '--out', 'd', '--windows', 'some'], '--windows must be all or first, got some'],
  [['inspect'], '<path> is missing'],
  [['inspect', ''], '<path> is empty'],
  [['inspect', '-x.mid'], 'there is no option -x.mid; if it is a file, write it after -- or as ./ and its name'],
  [['train'], '<dataset> is missing'],
  [['train', 'd'], '--out is missing'],
  [
    ['train', 'd', '--out', 'r', '--depth', '0'],
    'apollo train: --depth must be a whole number from 1 to 256, got 0; see apollo train --help',
  ],
  [['train', '--resume'], 'name the run to resume'],
  [['train', '--resume', 'r', '--force'], 'leave one of them out'],
  [['compose', '--interpolate', '3'], '--interpolate needs a value (number number)'],
  [['compose', '--interpolate', '3', 'x'], '--interpolate must be a whole number'],
  [['compose', '--interpolate', '3', '9', '--count', '2'], 'leave out --count'],
  [['compose', '--complete', 'x.mid'], '--complete needs --keep'],
  [['compose', '--keep', '0-8'], '--keep is for --complete'],
  [['compose', '--complete', 'x.mid', '--keep', '8-8'], '--keep: columns are written as in 0-128'],
  [['compose', '--variation', '0.2'], '--variation is for --like'],
  [['compose', '--like', 'x.mid', '--interpolate', '1', '2'], '--like and --interpolate do not go together'],
  [['compose', '--length', '512', '--density', '2'], '--length and --density do not go together'],
  [['compose', '--steps', '3'], '--steps is for --interpolate'],
  [['compose', '--key', 'H'], '--key: a key is a note from A to G'],
  [['compose', '--density', '2', '--threshold', '0.3'], 'leave out the threshold or the density'],
  [['export'], '<run> is missing'],
  [['export', 'x', '--best', '--checkpoint', '3'], '--best and --checkpoint'],
  [['export', 'x', '--step-program', '--checkpoint', '3'], 'leave out --checkpoint'],
  [['export', 'x', '--precision', 'int4'], '--precision must be fp32, fp16 or int8, got int4'],
  [['export', 'x', '--step-program', '--precision', 'fp16'], 'leave out --precision'],
  [['export', 'x', '--checkpoint', '0'], '--checkpoint must be a whole number from 1'],
  [['models', '--depth', '100000'], '--depth must be a whole number'],
  [['doctor', 'now'], 'unexpected argument now'],
];

/** Wrong usage that only the use case can see. The dataset does not exist: the model is checked first. */
const WRONG_MODELS: typeof WRONG = [
  [['train', 'd', '--out', 'r', '--model', 'apollo', '--recipe', 'gama=1'], 'no number "gama"; did you mean "gamma"?'],
  [
    ['train', 'd', '--out', 'r', '--model', 'dcgan-s'],
    'there is no model "dcgan-s" in the catalogue; did you mean "dcgan-a"?',
  ],
];

describe('wrong usage is one line on stderr, exit code 2, and nothing is built or written', () => {
  it.each(WRONG)('%j', async (args, says) => {
    const { code, stdout, stderr, built } = await runInProcess(args);
    expect({ code, stdout, built }).toEqual({ code: 2, stdout: '', built: 0 });
    expectOneLine(stderr, says);
  });

  it('as the built program tells it', async () => {
    const cwd = scratch();
    const some = [...WRONG.filter((_row, i) => i % 4 === 0), ...WRONG_MODELS];
    const ends = await mapConcurrently(some, ([args]) => runApollo(args, { cwd }));
    ends.forEach(({ code, stdout, stderr }, i) => {
      expect({ args: some[i]![0], code, stdout }).toEqual({ args: some[i]![0], code: 2, stdout: '' });
      expectOneLine(stderr, some[i]![1]);
    });
    expect(readdirSync(cwd)).toEqual([]);
  }, 120_000);
});

function expectOneLine(stderr: string, says: string): void {
  expect(stderr).toContain(says);
  expect(stderr).toMatch(/^apollo[ a-z]*: [^\n]*[;?] [sS]ee apollo( \w+)? --help\n$/);
}
