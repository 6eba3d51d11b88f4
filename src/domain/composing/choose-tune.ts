import { noteDensity } from '../roll/density.js';
import type { TonalKey } from '../music/tonal-key.js';
import { findKey } from '../roll/key-finding.js';
import { thresholdRoll, type PianoRoll } from '../roll/piano-roll.js';
import type { RollFormat } from '../roll/roll-format.js';
import { chooseTransposition, transposeCells } from '../roll/transpose-roll.js';

/** A tune as the generator drew it. */
export interface GeneratedTune {
  readonly roll: PianoRoll;
  /** [channels, pitches, columns] of the roll's format, 0..1. */
  readonly probabilities: Float32Array;
}

export interface TuneCriteria {
  readonly key: TonalKey | undefined;
  readonly density: number | undefined;
  /** The model's own, or what was asked for. */
  readonly threshold: number;
}

/**
 * The first of a tune's drafts that is as was wished, or of all the one nearest to it; transposed into the key. Drafts are asked
 * for one after the other, as few as are needed.
 */
export async function chooseTune(
  drafts: Iterable<() => Promise<Float32Array>>,
  format: RollFormat,
  choice: TuneCriteria,
): Promise<GeneratedTune> {
  let best: { readonly tune: GeneratedTune; readonly misfit: number } | undefined;
  for (const draft of drafts) {
    const probabilities = await draft();
    for (const threshold of thresholds(probabilities, choice)) {
      const tune = { probabilities, roll: thresholdRoll(probabilities, format, threshold) };
      const misfit = misfitOf(tune.roll, choice);
      if (best === undefined || misfit < best.misfit) best = { tune, misfit };
    }
    if (best !== undefined && best.misfit <= MAX_ACCEPTED_MISFIT) break;
  }
  if (best === undefined) throw new Error('there is no draft to choose from');
  return choice.key === undefined ? best.tune : transposeToKey(best.tune, choice.key);
}

/** A tenth more or less dense than wished, in the mode wished. */
const MAX_ACCEPTED_MISFIT = 0.1;
const THRESHOLD_STEPS = 32;

/** The usual one first, so that it wins among equals. Certainties of 0 and 1 alone are the same at any threshold. */
function thresholds(certainties: Float32Array, { density, threshold }: TuneCriteria): readonly number[] {
  if (density === undefined || certainties.every((certainty) => certainty === 0 || certainty === 1)) return [threshold];
  return [threshold, ...Array.from({ length: THRESHOLD_STEPS - 1 }, (_, i) => (i + 1) / THRESHOLD_STEPS)];
}

/** 0 for a tune as wished; a blank one is the farthest. */
function misfitOf(roll: PianoRoll, { key, density }: TuneCriteria): number {
  let misfit = 0;
  if (density !== undefined) misfit += Math.abs(noteDensity(roll) - density) / density;
  if (key === undefined) return misfit;
  const [found, wished] = [findKey(roll), findKey(roll, [key.mode])];
  if (found === undefined || wished === undefined) return Infinity;
  return found.mode === key.mode ? misfit : misfit + 1 + found.correlation - wished.correlation;
}

/** Moved so that its tonic, as a tune of the key's mode, is the key's. */
export function transposeToKey({ roll, probabilities }: GeneratedTune, key: TonalKey): GeneratedTune {
  const { cells, format } = roll;
  const found = findKey(roll, [key.mode]);
  if (found === undefined) return { roll, probabilities };
  const semitones = chooseTransposition(found.tonic, key.tonic, cells, format);
  return {
    roll: { format, cells: transposeCells(cells, format, semitones) },
    probabilities: transposeCells(probabilities, format, semitones),
  };
}
