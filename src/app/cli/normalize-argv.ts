import { UsageError } from '../../domain/errors.js';
import { didYouMean } from '../../domain/text.js';
import { shown } from './option.js';
import type { Options } from './option.js';

/**
 * The command line in a spelling that leaves yargs nothing to guess: every option is `--name=value`, everything else
 * stands behind `--`. So a value may start with a dash (`--transpose -5..6`) or look like a truth value, and what is
 * misspelt is refused in our words.
 * @throws UsageError for an option that does not exist, lacks its value, or has one it cannot have
 */
export function spellOut(args: readonly string[], options: Options): readonly string[] {
  const spelt: string[] = [];
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      words.push(...args.slice(i + 1));
      break;
    }
    if (arg === '-' || !arg.startsWith('-')) {
      words.push(arg);
      continue;
    }
    const { name, value } = split(arg, options);
    if (options[name]!.takes === undefined) {
      if (value !== undefined) throw new UsageError(`--${name} takes no value, got ${shown(value)}`);
      spelt.push(`--${name}=true`);
    } else {
      const given = [value ?? valueAfter(name, args[++i], options)];
      if (options[name]!.words === 2 && value === undefined) given.push(valueAfter(name, args[++i], options));
      spelt.push(`--${name}=${given.join(' ')}`);
    }
  }
  return [...spelt, '--', ...words];
}

const SHORT: Readonly<Record<string, string>> = { '-h': 'help', '-o': 'out' };

function split(arg: string, options: Options): { readonly name: string; readonly value: string | undefined } {
  const [, name, , value] = /^--([^=]+)(=([\s\S]*))?$/.exec(arg) ?? [undefined, SHORT[arg] ?? ''];
  if (Object.hasOwn(options, name!)) return { name: name!, value };
  const dashes = arg.startsWith('--') ? '' : '; if it is a file, write it after -- or as ./ and its name';
  const typed = arg.replace(/=[\s\S]*/, '');
  const nearest = didYouMean(
    typed,
    Object.keys(options).map((known) => `--${known}`),
  );
  throw new UsageError(`there is no option ${shown(typed)}${nearest === '' ? dashes : nearest}`);
}

function valueAfter(name: string, next: string | undefined, options: Options): string {
  if (next !== undefined && !/^-[^0-9.]/.test(next)) return next;
  const takes = options[name]!.takes!;
  const got = next === undefined ? '' : `, and ${shown(next)} is no value; if it is meant, write --${name}=${next}`;
  throw new UsageError(`--${name} needs a value (${takes})${got}`);
}

/** Of yargs' parser: nothing is guessed. */
export const UNGUESSED = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': false, // the last one wins, so that `npm start -- --count 8` works
  'parse-numbers': false, // text stays as typed; each option reads its own strictly
  'parse-positional-numbers': false,
  'short-option-groups': false,
  'strip-aliased': true,
} as const;
