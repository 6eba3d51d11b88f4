import { UsageError } from '../../domain/errors.js';
import type { ServiceProvider } from '../wiring/services.js';
import { flag, quoteForMessage } from './option.js';
import type { Options, OptionValues } from './option.js';

/** What a command has done: for people, line by line, and for programs. */
export interface CommandOutcome {
  /** Drawn by us above the lines; may hold colors. */
  readonly drawing?: readonly string[];
  readonly lines: readonly string[];
  /** Printed by --json: must survive JSON.stringify. */
  readonly json: object;
  /** What goes on when these lines are on the screen. Its JSON is printed in place of this one. */
  readonly next?: (() => Promise<CommandOutcome>) | undefined;
}

/** The work itself, when the words of the command line made sense. */
export type CommandAction = (services: ServiceProvider) => Promise<CommandOutcome>;

/** What the words after a command's name mean; they are given as they were typed. */
export interface PositionalArguments {
  /** As in the help's first line: `<dataset>`, `[midi...]`. */
  readonly usage: string;
  readonly describe: string;
  readonly min: number;
  readonly max: number;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly positionals: PositionalArguments | undefined;
  readonly options: Options;
  /** Commands one could type, each with what it does. */
  readonly examples: readonly (readonly [typed: string, meaning: string])[];
  /**
   * Reads every word strictly, without loading or touching anything.
   * @param given the text of each option that was given; flags give `true`
   */
  createAction(given: ReadonlyMap<string, string | true>, words: readonly string[]): CommandAction;
}

/** Options of every command. */
export const COMMON_OPTIONS = {
  json: flag('print one JSON object on the last line of stdout, everything else on stderr'),
  quiet: flag('print no progress, only the result and warnings'),
  verbose: flag('when something fails, print where and why in full'),
  help: flag('show this help'),
  version: flag('show the version'),
} as const satisfies Options;

export interface CommandDefinition<O extends Options> {
  readonly name: string;
  readonly summary: string;
  readonly positionals?: PositionalArguments;
  readonly options: O;
  readonly examples: readonly (readonly [string, string])[];
  /** May check options against each other; throws UsageError. */
  createAction(values: OptionValues<O>, words: readonly string[]): CommandAction;
}

/** A command whose `plan` gets typed values. */
export function defineCommand<O extends Options>(definition: CommandDefinition<O>): Command {
  return {
    ...definition,
    positionals: definition.positionals,
    createAction(given, words) {
      const entries = Object.entries(definition.options).map(([name, option]) => {
        const text = given.get(name);
        return [name, text === undefined ? option.fallback : option.parse(String(text), name)] as const;
      });
      checkPositionals(words, definition.positionals);
      return definition.createAction(Object.fromEntries(entries) as OptionValues<O>, words);
    },
  };
}

function checkPositionals(words: readonly string[], expected: PositionalArguments | undefined): void {
  const [least, most] = [expected?.min ?? 0, expected?.max ?? 0];
  if (words.length > most) {
    throw new UsageError(`${quoteForMessage(words[most]!)} is one word too many; put a name with spaces in quotes`);
  }
  if (words.length < least) throw new UsageError(`${expected!.usage} is missing: ${expected!.describe}`);
  if (words.includes('')) throw new UsageError(`${expected!.usage} is empty: ${expected!.describe}`);
  if (words.some((word) => word.includes('\0'))) throw new UsageError('a path cannot hold a NUL character');
}
