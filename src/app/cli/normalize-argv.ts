import { UsageError } from '../../domain/errors.js';
import { didYouMean } from '../../domain/text.js';
import { quoteForMessage } from './option.js';
import type { Options } from './option.js';

/**
 * Rewrites a command line so that yargs has nothing to guess: every option becomes `--name=value`, and the positional
 * arguments follow `--`. So a value may start with a dash (`--transpose -5..6`) or look like a boolean.
 * @throws UsageError for an unknown option, a missing value, or a value after a flag
 */
export function normalizeArgv(args: readonly string[], options: Options): readonly string[] {
  const normalized: string[] = [];
  const positionals: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      positionals.push(...args.slice(i + 1));
      break;
    }
    if (arg === '-' || !arg.startsWith('-')) {
      positionals.push(arg);
      continue;
    }
    const { name, value } = splitOption(arg, options);
    if (options[name]!.valueName === undefined) {
      if (value !== undefined) throw new UsageError(`--${name} takes no value, got ${quoteForMessage(value)}`);
      normalized.push(`--${name}=true`);
    } else {
      const given = [value ?? valueAfter(name, args[++i], options)];
      if (options[name]!.nargs === 2 && value === undefined) given.push(valueAfter(name, args[++i], options));
      normalized.push(`--${name}=${given.join(' ')}`);
    }
  }
  return [...normalized, '--', ...positionals];
}

const SHORT_OPTIONS: Readonly<Record<string, string>> = { '-h': 'help', '-o': 'out' };

function splitOption(arg: string, options: Options): { readonly name: string; readonly value: string | undefined } {
  const [, name, , value] = /^--([^=]+)(=([\s\S]*))?$/.exec(arg) ?? [undefined, SHORT_OPTIONS[arg] ?? ''];
  if (Object.hasOwn(options, name!)) return { name: name!, value };
  const dashes = arg.startsWith('--') ? '' : '; if it is a file, write it after -- or as ./ and its name';
  const typed = arg.replace(/=[\s\S]*/, '');
  const nearest = didYouMean(
    typed,
    Object.keys(options).map((known) => `--${known}`),
  );
  throw new UsageError(`there is no option ${quoteForMessage(typed)}${nearest === '' ? dashes : nearest}`);
}

function valueAfter(name: string, next: string | undefined, options: Options): string {
  if (next !== undefined && !/^-[^0-9.]/.test(next)) return next;
  const { valueName } = options[name]!;
  const got =
    next === undefined ? '' : `, and ${quoteForMessage(next)} is no value; if it is meant, write --${name}=${next}`;
  throw new UsageError(`--${name} needs a value (${valueName})${got}`);
}

/** Settings of yargs' parser with which it guesses nothing. */
export const YARGS_PARSER_CONFIGURATION = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': false, // the last value wins, so that `npm start -- --count 8` works
  'parse-numbers': false, // text stays as typed; each option reads its own strictly
  'parse-positional-numbers': false,
  'short-option-groups': false,
  'strip-aliased': true,
} as const;
