import { extractFeatures } from '../../domain/evaluation/features/feature-extraction.js';
import { isNearCopy, repeatsEarlier, type Guards } from '../../domain/evaluation/guards.js';
import { bitsOfRoll } from '../../domain/evaluation/roll-bits.js';
import { unpackRoll } from '../../domain/roll/piano-roll.js';
import type { RollFormat } from '../../domain/roll/roll-format.js';
import type { Console } from '../../ports/console.js';
import type { AnalyzedTune, ComparedSets, TrainingRoll, WithBaseline } from './evaluation-result.js';
import { yieldAndCheckAborted, type Yielding } from './read-evaluated-tunes.js';

interface AnalysisPorts extends Yielding {
  readonly console: Console;
}

/**
 * Computes the features and bits of packed rolls.
 * @param unit what the progress counts, such as `evaluated tunes`
 */
export async function analyzeTunes(
  packedRolls: readonly Uint8Array[],
  format: RollFormat,
  ports: AnalysisPorts,
  unit: string,
): Promise<readonly AnalyzedTune[]> {
  const tunes: AnalyzedTune[] = [];
  for (const packed of packedRolls) {
    await yieldAndCheckAborted(ports);
    const roll = unpackRoll(packed, format);
    tunes.push({ roll, features: extractFeatures(roll), bits: bitsOfRoll(roll) });
    ports.console.progress({ done: tunes.length, total: packedRolls.length, unit });
  }
  return tunes;
}

export async function computeGuardsOfSets(
  { evaluated, realTunes, realIndices }: ComparedSets,
  training: readonly TrainingRoll[],
  ports: AnalysisPorts,
): Promise<WithBaseline<Guards>> {
  const pieceOf = new Map(training.map(({ index, piece }) => [index, piece]));
  // A real tune is not a copy of itself, so it is compared only with the other pieces.
  const otherPieces = (i: number): readonly TrainingRoll[] =>
    training.filter(({ piece }) => piece !== pieceOf.get(realIndices[i]!));
  return {
    evaluated: await computeGuards(evaluated, () => training, ports, 'tunes compared with training tunes'),
    realTunes: await computeGuards(realTunes, otherPieces, ports, 'real tunes compared with training tunes'),
  };
}

async function computeGuards(
  tunes: readonly AnalyzedTune[],
  trainingFor: (index: number) => readonly TrainingRoll[],
  ports: AnalysisPorts,
  unit: string,
): Promise<Guards> {
  const rolls = tunes.map(({ bits }) => bits);
  let [blank, distinct, copies] = [0, 0, 0];
  for (const [i, bits] of rolls.entries()) {
    await yieldAndCheckAborted(ports);
    if (bits.soundingCells === 0) blank++;
    if (!repeatsEarlier(rolls, i)) distinct++;
    if (trainingFor(i).some((tune) => isNearCopy(bits, tune.bits))) copies++;
    ports.console.progress({ done: i + 1, total: rolls.length, unit });
  }
  return { blank: blank / rolls.length, distinct: distinct / rolls.length, copies: copies / rolls.length };
}
