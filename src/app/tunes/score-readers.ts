import { hasEnding } from '../../domain/file-ending.js';
import type { ScoreFormat, ScoreReaders } from '../../ports/score-readers.js';

/** Chooses among formats by the ending of a file's name. */
export function createScoreReaders(formats: readonly [ScoreFormat, ...ScoreFormat[]]): ScoreReaders {
  const [first] = formats;
  const find = (name: string) => formats.find(({ endings }) => hasEnding(name, endings));
  return {
    endings: formats.flatMap(({ endings }) => endings),
    recognizes: (name) => find(name) !== undefined,
    formatOf: (name) => find(name) ?? first,
  };
}
