import yargs from 'yargs';
import type { Argv } from 'yargs';
import { UsageError } from '../../domain/errors.js';
import { didYouMean } from '../../domain/text.js';
import { COMMON_OPTIONS } from './command.js';
import type { Command, Job } from './command.js';
import { shown } from './option.js';
import type { Option, Options } from './option.js';
import { spellOut } from './words.js';

export type Parsed =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'job'; readonly job: Job };

/**
 * The command that the words name; nothing when there are only options.
 * @throws UsageError for a name that is not a command's
 */
export function findCommand(args: readonly string[], commands: readonly Command[]): Command | undefined {
  const name = args.find((arg) => !arg.startsWith('-'));
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined || name === undefined) return command;
  const names = commands.map((candidate) => candidate.name);
  throw new UsageError(`there is no command ${shown(name)}${didYouMean(name, names)}`);
}

/**
 * What the words ask for, without doing any of it.
 * @param command as findCommand gave it
 * @param width columns for the help
 * @throws UsageError
 */
export function parse(
  args: readonly string[],
  command: Command | undefined,
  commands: readonly Command[],
  width: number,
): Parsed {
  const words = [...args];
  if (command !== undefined) words.splice(words.indexOf(command.name), 1);
  const spelt = spellOut(words, { ...command?.options, ...COMMON_OPTIONS });
  let job: Job | undefined;
  let help = '';
  let version = false;
  // yargs lays out the help before every command, in case it is wanted; unwrapped that takes no time.
  const wanted = command === undefined || args.includes('--help');
  const parser = describe(commands, wanted ? width : null, (chosen, argv) => {
    if (argv['version'] === undefined)
      job = chosen.plan(givenOptions(argv, chosen.options), argv._.slice(1).map(String));
  });
  void parser.parse([...(command === undefined ? [] : [command.name]), ...spelt], {}, (error, argv, output) => {
    if (error) throw error;
    help = output;
    version = (argv as Given)['version'] === true;
  });
  // A flag is seen to take nothing: yargs' mark for it is noise.
  if (help !== '') return { kind: 'help', text: `${help.replace(/\n? +\[boolean\]$/gm, '')}\n` };
  if (version) return { kind: 'version' };
  if (job !== undefined) return { kind: 'job', job };
  throw new UsageError(`name a command: ${commands.map((known) => known.name).join(', ')}`);
}

type Given = Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] };

function describe(
  commands: readonly Command[],
  width: number | null,
  choose: (c: Command, given: Given) => void,
): Argv {
  // Not the folder one is in: that may be gone, and a package.json there could configure yargs.
  const parser = yargs([], '/')
    .scriptName('apollo')
    .usage(
      'apollo <command>\n\nComposes whole pieces of music: MIDI files -> dataset -> training -> model -> new tunes.',
    )
    .locale('en') // whatever the user's language is, one wording
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': false, // the last one wins, so that `npm start -- --count 8` works
      'parse-numbers': false, // text stays as typed; each option reads its own strictly
      'parse-positional-numbers': false,
      'short-option-groups': false,
      'strip-aliased': true,
    })
    .version(false)
    .help('help', COMMON_OPTIONS.help.describe)
    .alias('help', 'h')
    .option('version', { type: 'boolean', describe: COMMON_OPTIONS.version.describe })
    .epilogue(
      examplesText([
        ['apollo compose', 'four new tunes with the model that comes with Apollo'],
        ['apollo train --help', 'all about one command'],
      ]),
    )
    .wrap(width)
    .fail(false)
    .exitProcess(false);
  for (const command of commands) {
    const build = (inner: Argv): Argv => describeCommand(inner, command);
    parser.command(command.name, command.summary, build, (argv) => choose(command, argv as unknown as Given));
  }
  return parser;
}

function describeCommand(parser: Argv, command: Command): Argv {
  const words = command.arguments;
  const usage = `apollo ${command.name}${words === undefined ? '' : ` ${words.usage}`} [options]`;
  const about = words === undefined ? '' : `\n\n${words.usage}  ${words.describe}`;
  parser.usage(`${usage}\n\n${capitalised(command.summary)}.${about}`).strictOptions();
  for (const [name, option] of Object.entries({ ...command.options, ...COMMON_OPTIONS })) {
    if (name !== 'help') parser.option(name, yargsOption(option));
  }
  return parser.epilogue(examplesText(command.examples));
}

/** Lines to copy: yargs would break them in the middle. */
const examplesText = (examples: Command['examples']): string =>
  ['Examples:', ...examples.map(([typed, meaning]) => `  ${typed}\n      ${meaning}`)].join('\n');

/** Options that take something have no type, which leaves their text as it is. */
const yargsOption = ({ describe: about, takes, fallbackText }: Option<unknown>) =>
  takes === undefined
    ? { type: 'boolean' as const, describe: about }
    : {
        nargs: 1,
        describe: `<${takes}> ${about}`,
        ...(fallbackText === undefined ? {} : { defaultDescription: fallbackText }),
      };

function givenOptions(argv: Given, options: Options): ReadonlyMap<string, string | true> {
  const given = new Map<string, string | true>();
  for (const name of Object.keys(options)) {
    const value = argv[name];
    if (value !== undefined) given.set(name, value === true ? true : String(value));
  }
  return given;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
