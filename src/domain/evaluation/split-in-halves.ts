import { permutation, randomStream } from '../random.js';

/** A tune and its rolls: windows in order of time. */
export interface SourceTune {
  readonly name: string;
  /** Identifies the piece: equal for copies of one file. */
  readonly piece: string;
  /** Indices of its rolls, one or more. */
  readonly rolls: readonly number[];
}

/** Indices of rolls of real tunes: the reference, and a sample that gives the baseline of the comparison. */
interface Halves {
  readonly reference: readonly number[];
  readonly sample: readonly number[];
}

/**
 * Splits the pieces into two halves, always in the same way for the same list; the reference gets the odd one. Each
 * piece gives one roll, drawn from its windows by chance: windows of one tune are neighbors of each other, so several
 * of them would make the set distinguishable from any other.
 */
export function splitInHalves(tunes: readonly SourceTune[]): Halves {
  const pieces = firstOfEachPiece(tunes);
  const order = permutation(randomStream(SPLIT_SEED, 'evaluation'), pieces.length);
  const drawn = Array.from(order, (index) => seededChoice(pieces[index]!.rolls, index));
  const half = Math.ceil(drawn.length / 2);
  return { reference: drawn.slice(0, half), sample: drawn.slice(half) };
}

function firstOfEachPiece(tunes: readonly SourceTune[]): readonly SourceTune[] {
  const pieces = new Map<string, SourceTune>();
  for (const tune of tunes) if (!pieces.has(tune.piece)) pieces.set(tune.piece, tune);
  return [...pieces.values()];
}

/** A random roll of tune `index`, always the same one. */
export const seededChoice = <T>(rolls: readonly T[], index: number): T =>
  rolls[randomStream(SPLIT_SEED, 'evaluation', index + 1).below(rolls.length)]!;

/** A random subset of `count` items in their order, always the same one; all items if there are not more. */
export function seededSubset<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  const chosen = permutation(randomStream(SPLIT_SEED, 'evaluation'), items.length).slice(0, count).sort();
  return Array.from(chosen, (index) => items[index]!);
}

/** Fixed, and not the seed of the evaluated tunes, because the split is part of the metric. */
const SPLIT_SEED = 0;
