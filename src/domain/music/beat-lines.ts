import type { Score } from './score.js';

/** Where a bar or a beat begins. */
export interface BeatLine {
  readonly tick: number;
  /** Number of the bar that begins here, from 1; undefined for a beat inside a bar. */
  readonly bar: number | undefined;
}

/**
 * The bars and beats of a score by its time signatures, from its start to the first bar line at or after `endTick`.
 * A change of signature begins a new bar. A beat is what the denominator says; in 6/8, 9/8 and 12/8 it is three of
 * them, as they are counted.
 * @param most lines after which it ends early: signatures may be absurd
 */
export function beatLines(
  { timeSignatures, ticksPerBeat }: Pick<Score, 'timeSignatures' | 'ticksPerBeat'>,
  endTick: number,
  most = 100_000,
): readonly BeatLine[] {
  const signatures = timeSignatures[0]?.tick === 0 ? timeSignatures : [COMMON_TIME, ...timeSignatures];
  const lines: BeatLine[] = [];
  let bar = 1;
  for (const [i, { tick: from, numerator, denominator }] of signatures.entries()) {
    const to = signatures[i + 1]?.tick ?? Infinity;
    const unit = (4 * ticksPerBeat) / denominator;
    const isCompound = denominator >= 8 && numerator > 3 && numerator % 3 === 0;
    for (let units = 0; from + units * unit < to; units += isCompound ? 3 : 1) {
      if (lines.length >= most) return lines;
      const tick = from + units * unit;
      const isBar = units % numerator === 0;
      lines.push({ tick, bar: isBar ? bar++ : undefined });
      if (isBar && tick >= endTick && tick > 0) return lines;
    }
  }
  return lines;
}

const COMMON_TIME = { tick: 0, numerator: 4, denominator: 4 } as const;
