/** Whether a name or path ends with one of the endings, in upper or lower case. Endings are in lower case. */
export const hasEnding = (name: string, endings: readonly string[]): boolean => endingOf(name, endings) !== undefined;

/** The name without its ending, if that is one of the endings. */
export function stripEnding(name: string, endings: readonly string[]): string {
  const ending = endingOf(name, endings);
  return ending === undefined ? name : name.slice(0, -ending.length);
}

function endingOf(name: string, endings: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  return endings.find((ending) => lower.endsWith(ending));
}
