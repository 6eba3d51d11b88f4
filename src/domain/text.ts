/**
 * Escapes control characters, bidirectional controls, line separators and unpaired surrogates, so that text from files
 * cannot control the terminal.
 */
export const escapeForTerminal = (text: string): string =>
  text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });

/** A value as one line of JSON in which the same characters are escaped, as in `\\u009b`. */
export const stringifyForTerminal = (value: unknown): string =>
  JSON.stringify(value).replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

// C0, DEL and C1; bidirectional marks, embeddings and isolates; line and paragraph separators; unpaired surrogates.
const UNSAFE = new RegExp(
  [
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/,
    /[\ud800-\udbff](?![\udc00-\udfff])/,
    /(?<![\ud800-\udbff])[\udc00-\udfff]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** `1 roll`, `2 rolls`, `5,356 rolls`. */
export const formatCount = (n: number, one: string, many = `${one}s`): string =>
  `${formatInteger(n)} ${n === 1 ? one : many}`;

/** An integer with commas as thousands separators: `5,356`. */
export const formatInteger = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** The name that is most similar to a mistyped one; undefined if none is similar enough. */
export function closestName(typed: string, names: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase().slice(0, MAX_COMPARED_LENGTH);
  const ranked = names
    .map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best === undefined) return undefined;
  const completions = names.filter((name) => wanted.length > 1 && name.toLowerCase().startsWith(wanted));
  if (completions.length === 1) return completions[0];
  return best.distance <= Math.max(1, Math.floor(Math.min(wanted.length, best.name.length) / 2))
    ? best.name
    : undefined;
}

/** Such as `; did you mean "train"?`; empty if no name is similar. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const nearest = closestName(typed, names);
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
}

const MAX_COMPARED_LENGTH = 100; // the time is proportional to the product of both lengths

/** Optimal string alignment distance (Damerau 1964): insertions, deletions, substitutions and transpositions. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
