import { UsageError } from '../../domain/errors.js';
import type { ServiceProvider } from '../wiring/services.js';
import { flag, quoteForMessage } from './option.js';
import type { Options, OptionValues } from './option.js';

/** The result of a command: lines for people, an object for programs. */
export interface CommandOutcome {
  /** Drawn above the lines. May hold escape sequences of colors. */
  readonly drawing?: readonly string[];
  readonly lines: readonly string[];
  /** Printed by --json: must survive JSON.stringify. */
  readonly json: object;
}

/** Runs a command whose arguments have been checked. */
export type CommandAction = (services: ServiceProvider) => Promise<CommandOutcome>;

/** The arguments after a command's name that are no options. */
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
  /** Command lines to try, each with what it does. */
  readonly examples: readonly (readonly [typed: string, meaning: string])[];
  /**
   * Parses all arguments strictly, without loading or touching anything.
   * @param given the text of each option that was given; `true` for a flag
   */
  createAction(given: ReadonlyMap<string, string | true>, positionals: readonly string[]): CommandAction;
}

/** Options of every command. */
export const COMMON_OPTIONS = {
  json: flag('print one JSON object on the last line of stdout, everything else on stderr'),
  quiet: flag('print no progress, only the result and warnings'),
  verbose: flag('print the stack trace of an error'),
  help: flag('show this help'),
  version: flag('show the version'),
} as const satisfies Options;

interface CommandDefinition<O extends Options> {
  readonly name: string;
  readonly summary: string;
  readonly positionals?: PositionalArguments;
  readonly options: O;
  readonly examples: readonly (readonly [string, string])[];
  /** May check options against each other; throws UsageError. */
  createAction(values: OptionValues<O>, positionals: readonly string[]): CommandAction;
}

/** Makes a command of a definition whose createAction gets typed values. */
export function defineCommand<O extends Options>(definition: CommandDefinition<O>): Command {
  return {
    ...definition,
    positionals: definition.positionals,
    createAction(given, positionals) {
      const entries = Object.entries(definition.options).map(([name, option]) => {
        const text = given.get(name);
        return [name, text === undefined ? option.fallback : option.parse(String(text), name)] as const;
      });
      checkPositionals(positionals, definition.positionals);
      return definition.createAction(Object.fromEntries(entries) as OptionValues<O>, positionals);
    },
  };
}

function checkPositionals(given: readonly string[], expected: PositionalArguments | undefined): void {
  const [min, max] = [expected?.min ?? 0, expected?.max ?? 0];
  if (given.length > max) {
    throw new UsageError(`unexpected argument ${quoteForMessage(given[max]!)}; put a name with spaces in quotes`);
  }
  if (given.length < min) throw new UsageError(`${expected!.usage} is missing: ${expected!.describe}`);
  if (given.includes('')) throw new UsageError(`${expected!.usage} is empty: ${expected!.describe}`);
  if (given.some((text) => text.includes('\0'))) throw new UsageError('a path cannot hold a NUL character');
}
