import parseArgv from 'yargs-parser';
import { UsageError } from '../../domain/errors.js';
import { didYouMean } from '../../domain/text.js';
import { COMMON_OPTIONS } from './command.js';
import type { Command, CommandAction } from './command.js';
import { quoteForMessage } from './option.js';
import type { Options } from './option.js';
import { normalizeArgv, YARGS_PARSER_CONFIGURATION } from './normalize-argv.js';

type ParsedCommandLine =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'command'; readonly run: CommandAction };

/**
 * Finds the command that a command line names; undefined when it holds options only.
 * @throws UsageError for a name that no command has
 */
export function findCommand(args: readonly string[], commands: readonly Command[]): Command | undefined {
  const name = args.find((arg) => !arg.startsWith('-'));
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined || name === undefined) return command;
  const names = commands.map((candidate) => candidate.name);
  throw new UsageError(`there is no command ${quoteForMessage(name)}${didYouMean(name, names)}`);
}

/**
 * Parses a command line without running it. yargs takes a tenth of a second to load, so only its parser, a package of
 * its own, reads the arguments. yargs itself is loaded to lay out the help.
 * @param command as findCommand gave it
 * @param width columns of the help
 * @throws UsageError
 */
export async function parseCommandLine(
  args: readonly string[],
  command: Command | undefined,
  commands: readonly Command[],
  width: number,
): Promise<ParsedCommandLine> {
  const rest = [...args];
  if (command !== undefined) rest.splice(rest.indexOf(command.name), 1);
  const options: Options = { ...command?.options, ...COMMON_OPTIONS };
  const [flags, others] = [true, false].map((isFlag) =>
    Object.keys(options).filter((name) => (options[name]!.valueName === undefined) === isFlag),
  );
  const given = parseArgv([...normalizeArgv(rest, options)], {
    boolean: flags!,
    narg: Object.fromEntries(others!.map((name) => [name, 1])),
    configuration: YARGS_PARSER_CONFIGURATION,
  });
  if (given['help'] === true) {
    const { helpText } = await import('./help.js');
    return { kind: 'help', text: helpText(command, commands, width) };
  }
  if (given['version'] === true) return { kind: 'version' };
  if (command !== undefined) {
    return { kind: 'command', run: command.createAction(givenOptions(given, command.options), given._.map(String)) };
  }
  throw new UsageError(`name a command: ${commands.map((known) => known.name).join(', ')}`);
}

type ParsedArgv = Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] };

function givenOptions(argv: ParsedArgv, options: Options): ReadonlyMap<string, string | true> {
  const given = new Map<string, string | true>();
  for (const name of Object.keys(options)) {
    const value = argv[name];
    if (value !== undefined) given.set(name, value === true ? true : String(value));
  }
  return given;
}
