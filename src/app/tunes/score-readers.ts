import { hasEnding } from '../../domain/file-ending.js';
import type { ScoreFormat, ScoreReader, ScoreReaders } from '../../ports/score-readers.js';

/** Chooses among formats by the ending of a file's name. Each reader is opened once, since opening loads a module. */
export function createScoreReaders(formats: readonly [ScoreFormat, ...ScoreFormat[]]): ScoreReaders {
  const known = formats.map(openedOnce);
  const find = (name: string) => known.find(({ endings }) => hasEnding(name, endings));
  return {
    endings: formats.flatMap(({ endings }) => endings),
    recognizes: (name) => find(name) !== undefined,
    formatOf: (name) => find(name) ?? known[0]!,
  };
}

function openedOnce(format: ScoreFormat): ScoreFormat {
  let reader: Promise<ScoreReader> | undefined;
  return { ...format, open: () => (reader ??= format.open()) };
}
