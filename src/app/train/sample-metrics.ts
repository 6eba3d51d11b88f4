import { assess, MIN_COMPARED_TUNES } from '../../domain/evaluation/assessment.js';
import { extractFeatures } from '../../domain/evaluation/features/feature-extraction.js';
import { repeatsEarlier } from '../../domain/evaluation/guards.js';
import { bitsOfRoll } from '../../domain/evaluation/roll-bits.js';
import { sourceTunes } from '../../domain/evaluation/source-tunes.js';
import { seededSubset, splitInHalves } from '../../domain/evaluation/split-in-halves.js';
import type { FeatureVector } from '../../domain/evaluation/standardize.js';
import { unpackRoll, type PianoRoll } from '../../domain/roll/piano-roll.js';
import type { Dataset } from '../../ports/dataset-store.js';

/** Metrics of one set of samples by their names in the log. Distances are absent if the dataset is too small. */
export type SampleMetrics = Readonly<Record<string, number>>;

export type EvaluateSamples = (dataset: Dataset, rolls: readonly PianoRoll[]) => SampleMetrics;

/** Enough to show where the training goes; `apollo evaluate` takes all. */
const REFERENCE_TUNES = 100;

/** Compares samples with tunes of the dataset. The features of a dataset are computed once. */
export function createSampleEvaluator(): EvaluateSamples {
  const references = new WeakMap<Dataset, readonly FeatureVector[]>();
  return (dataset, rolls) => {
    const reference = references.get(dataset) ?? referenceFeatures(dataset);
    references.set(dataset, reference);
    const bits = rolls.map(bitsOfRoll);
    const share = (count: number): number => count / rolls.length;
    const guards = {
      'sample.blank': share(bits.filter(({ soundingCells }) => soundingCells === 0).length),
      'sample.distinct': share(bits.filter((_, i) => !repeatsEarlier(bits, i)).length),
    };
    if (reference.length < MIN_COMPARED_TUNES) return guards;
    const { nearestNeighbourAccuracy, frechet, overlap } = assess(rolls.map(extractFeatures), reference).distances;
    return {
      'distance.accuracy': nearestNeighbourAccuracy,
      'distance.frechet': frechet,
      'distance.overlap': overlap,
      ...guards,
    };
  };
}

function referenceFeatures({ manifest, packedRoll }: Dataset): readonly FeatureVector[] {
  const { reference } = splitInHalves(sourceTunes(manifest));
  return seededSubset(reference, REFERENCE_TUNES).map((index) =>
    extractFeatures(unpackRoll(packedRoll(index), manifest.format)),
  );
}
