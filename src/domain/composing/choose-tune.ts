import { noteDensity } from '../roll/density.js';
import type { TonalKey } from '../music/tonal-key.js';
import { findKey } from '../roll/key-finding.js';
import { thresholdRoll, type PianoRoll } from '../roll/piano-roll.js';
import type { RollFormat } from '../roll/roll-format.js';
import { chooseTransposition, transposeCells } from '../roll/transpose-roll.js';

/** A tune and the output of the generator it was made from. */
export interface GeneratedTune {
  readonly roll: PianoRoll;
  /** [channels, pitches, columns], 0..1 */
  readonly probabilities: Float32Array;
}

export interface TuneCriteria {
  readonly key: TonalKey | undefined;
  readonly density: number | undefined;
  /** Threshold of the model, or the requested one. */
  readonly threshold: number;
}

/**
 * The first draft that meets the criteria, or else the one nearest to them; transposed into the key. Drafts are
 * generated one after the other, and only as many as are needed.
 */
export async function chooseTune(
  drafts: Iterable<() => Promise<Float32Array>>,
  format: RollFormat,
  criteria: TuneCriteria,
): Promise<GeneratedTune> {
  let best: { readonly tune: GeneratedTune; readonly misfit: number } | undefined;
  for (const draft of drafts) {
    const probabilities = await draft();
    for (const threshold of thresholds(probabilities, criteria)) {
      const tune = { probabilities, roll: thresholdRoll(probabilities, format, threshold) };
      const misfit = misfitOf(tune.roll, criteria);
      if (best === undefined || misfit < best.misfit) best = { tune, misfit };
    }
    if (best !== undefined && best.misfit <= MAX_ACCEPTED_MISFIT) break;
  }
  if (best === undefined) throw new Error('chooseTune needs at least one draft');
  return criteria.key === undefined ? best.tune : transposeToKey(best.tune, criteria.key);
}

/** A tune with the wanted mode may be a tenth more or less dense than wanted. */
const MAX_ACCEPTED_MISFIT = 0.1;
const THRESHOLD_STEPS = 32;

/** The given threshold comes first, so that it wins ties. If all probabilities are 0 or 1, others change nothing. */
function thresholds(probabilities: Float32Array, { density, threshold }: TuneCriteria): readonly number[] {
  if (density === undefined || probabilities.every((p) => p === 0 || p === 1)) return [threshold];
  return [threshold, ...Array.from({ length: THRESHOLD_STEPS - 1 }, (_, i) => (i + 1) / THRESHOLD_STEPS)];
}

/** 0 for a tune that meets the criteria; infinite for a blank one if there is a key. */
function misfitOf(roll: PianoRoll, { key, density }: TuneCriteria): number {
  let misfit = 0;
  if (density !== undefined) misfit += Math.abs(noteDensity(roll) - density) / density;
  if (key === undefined) return misfit;
  const [found, wanted] = [findKey(roll), findKey(roll, [key.mode])];
  if (found === undefined || wanted === undefined) return Infinity;
  return found.mode === key.mode ? misfit : misfit + 1 + found.correlation - wanted.correlation;
}

/** Transposes a tune so that its tonic, found in the mode of the key, becomes that of the key. */
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
