import type { Score } from './score.js';

/** The start of a bar or of a beat. */
interface BeatLine {
  readonly tick: number;
  /** Number of the bar that starts here, from 1; undefined for a beat inside a bar. */
  readonly bar: number | undefined;
}

/**
 * The starts of bars and beats, from tick 0 to the first bar at or after `endTick`. A change of time signature starts a
 * new bar. A beat is the note value of the denominator, or three of them in compound meters (6/8, 9/8, 12/8).
 * @param maxLines where to stop early, as time signatures in files may be absurd
 */
export function beatLines(
  { timeSignatures, ticksPerBeat }: Pick<Score, 'timeSignatures' | 'ticksPerBeat'>,
  endTick: number,
  maxLines = 100_000,
): readonly BeatLine[] {
  const signatures = timeSignatures[0]?.tick === 0 ? timeSignatures : [COMMON_TIME, ...timeSignatures];
  const lines: BeatLine[] = [];
  let bar = 1;
  for (const [i, { tick: from, numerator, denominator }] of signatures.entries()) {
    const to = signatures[i + 1]?.tick ?? Infinity;
    const unit = (4 * ticksPerBeat) / denominator;
    const isCompound = denominator >= 8 && numerator > 3 && numerator % 3 === 0;
    for (let units = 0; from + units * unit < to; units += isCompound ? 3 : 1) {
      if (lines.length >= maxLines) return lines;
      const tick = from + units * unit;
      const isBar = units % numerator === 0;
      lines.push({ tick, bar: isBar ? bar++ : undefined });
      if (isBar && tick >= endTick && tick > 0) return lines;
    }
  }
  return lines;
}

const COMMON_TIME = { tick: 0, numerator: 4, denominator: 4 } as const;
