import { permutation, randomStream } from '../random.js';

/** The rolls of one tune: its windows, in order of time. */
export interface SourceTune {
  readonly name: string;
  /** Equal for tunes that are the same piece, such as copies of one file. */
  readonly piece: string;
  /** Indices of its rolls, one or more. */
  readonly rolls: readonly number[];
}

/** Rolls of real tunes: what to compare with, and what else real tunes score in the same comparison. */
export interface Halves {
  readonly reference: readonly number[];
  readonly sample: readonly number[];
}

/**
 * Deals the pieces into two halves, the same way for equal lists, the odd one to the reference. All of a piece stays
 * together, and each gives one roll, drawn from its windows by chance: windows of one tune are each other's neighbours, so
 * a set with several could be told from any other.
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

/** One roll of tune `index`, the same one every time. */
export const seededChoice = <T>(rolls: readonly T[], index: number): T =>
  rolls[randomStream(SPLIT_SEED, 'evaluation', index + 1).below(rolls.length)]!;

/** So many of them, chosen by chance but the same ones every time, in their order; all when there are no more. */
export function seededSubset<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  const chosen = permutation(randomStream(SPLIT_SEED, 'evaluation'), items.length).slice(0, count).sort();
  return Array.from(chosen, (index) => items[index]!);
}

/** Never the seed of the tunes that are judged: the split is part of the measure. */
const SPLIT_SEED = 0;
