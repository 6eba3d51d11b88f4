import { didYouMean } from '../../domain/text.js';
import { UsageError } from '../../domain/errors.js';

/** One `--name` of a command: the value it takes and how its text is parsed. */
export interface Option<T> {
  /** Name of its value in the help, such as `number`; absent for a flag, which takes no value. */
  readonly valueName?: string;
  /** Arguments that its value has; 1 when absent. They are parsed as one text, joined by a blank. */
  readonly nargs?: 2;
  readonly describe: string;
  /** Shown in the help as the default. */
  readonly fallbackText?: string;
  /** Its value when it is not given. */
  readonly fallback: T;
  /** @throws UsageError that says what `--name` must be and what it got */
  parse(text: string, name: string): T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;

/** A value for each option of a command. */
export type OptionValues<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** An option without a value; true when given. */
export const flag = (describe: string): Option<boolean> => ({ describe, fallback: false, parse: () => true });

/** An integer in low..high, in decimal digits. */
export function integer<F extends number | undefined>(
  describe: string,
  low: number,
  high: number,
  fallback: F,
  fallbackText?: string,
): Option<number | F> {
  const parse = (text: string, name: string): number => {
    const value = /^[+-]?[0-9]{1,16}$/.test(text) ? Number(text) : NaN;
    if (value >= low && value <= high) return value + 0;
    throw new UsageError(`--${name} must be a whole number from ${low} to ${high}, got ${quoteForMessage(text)}`);
  };
  return { valueName: 'number', describe, fallback, ...fallbackTextProperty(fallback, fallbackText), parse };
}

/** A decimal number in low..high; `open` excludes both ends. */
export function decimal<F extends number | undefined>(
  describe: string,
  { low, high, open = false }: { readonly low: number; readonly high: number; readonly open?: boolean },
  fallback: F,
  fallbackText?: string,
): Option<number | F> {
  const parse = (text: string, name: string): number => {
    const value = /^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$/.test(text) ? Number(text) : NaN;
    if (open ? value > low && value < high : value >= low && value <= high) return value + 0;
    const range = open ? `between ${low} and ${high}` : `from ${low} to ${high}`;
    throw new UsageError(`--${name} must be a number ${range}, got ${quoteForMessage(text)}`);
  };
  return { valueName: 'number', describe, fallback, ...fallbackTextProperty(fallback, fallbackText), parse };
}

/** Any text but the empty one. `valueName` says what it names, such as `folder`. */
export function text<F extends string | undefined>(
  valueName: string,
  describe: string,
  fallback: F,
  fallbackText?: string,
): Option<string | F> {
  const parse = (given: string, name: string): string => {
    if (given === '') throw new UsageError(`--${name} is empty; it takes a ${valueName}`);
    if (given.includes('\0')) throw new UsageError(`--${name} holds a NUL character, which no ${valueName} can`);
    return given;
  };
  return { valueName, describe, fallback, ...fallbackTextProperty(fallback, fallbackText), parse };
}

/** One of several texts. */
export function choice<const C extends string, F extends C | undefined>(
  describe: string,
  choices: readonly C[],
  fallback: F,
  fallbackText?: string,
): Option<C | F> {
  const parse = (given: string, name: string): C => {
    const found = choices.find((text) => text === given);
    if (found !== undefined) return found;
    throw new UsageError(
      `--${name} must be ${joinWithOr(choices)}, got ${quoteForMessage(given)}${didYouMean(given, choices)}`,
    );
  };
  return { valueName: choices.join('|'), describe, fallback, ...fallbackTextProperty(fallback, fallbackText), parse };
}

/** A value parsed by `parse`. A UsageError that it throws gets the option's name in front. */
export function parsed<T>(
  valueName: string,
  describe: string,
  parse: (text: string) => T,
  fallback: T,
  fallbackText?: string,
): Option<T> {
  const read = (given: string, name: string): T => {
    try {
      return parse(given);
    } catch (cause) {
      if (cause instanceof UsageError) throw new UsageError(`--${name}: ${cause.message}`, { cause });
      throw cause;
    }
  };
  return { valueName, describe, fallback, ...fallbackTextProperty(undefined, fallbackText), parse: read };
}

/** Two integers in low..high, as in `--name 3 9`. */
export function integerPair(
  describe: string,
  low: number,
  high: number,
): Option<{ readonly from: number; readonly to: number } | undefined> {
  const one = integer('', low, high, 0);
  const parse = (given: string, name: string): { from: number; to: number } => {
    const [from, to, ...more] = given.split(/[ ,]+/);
    if (from === undefined || to === undefined || more.length > 0) {
      throw new UsageError(`--${name} takes two whole numbers, as in --${name} 3 9, got ${quoteForMessage(given)}`);
    }
    return { from: one.parse(from, name), to: one.parse(to, name) };
  };
  return { valueName: 'number number', nargs: 2, describe, fallback: undefined, parse };
}

/** Quotes a typed value for a message where it needs quotes: `0`, `"x y"`, `""`. */
export const quoteForMessage = (given: string): string => {
  const short = given.length > 60 ? `${given.slice(0, 60)}…` : given;
  return /^[\w.+-]+$/.test(short) ? short : JSON.stringify(short);
};

/** Joins texts as in `a, b or c`. */
const joinWithOr = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)!}`;

const fallbackTextProperty = (fallback: unknown, text?: string): { fallbackText?: string } => {
  if (text !== undefined) return { fallbackText: text };
  return fallback === undefined ? {} : { fallbackText: String(fallback) };
};
