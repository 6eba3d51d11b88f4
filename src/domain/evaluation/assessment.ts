import { frechetDistance } from './frechet-distance.js';
import { FEATURES } from './features/feature-extraction.js';
import { overlapArea } from './histogram.js';
import { medianNearestDistance, nearestNeighborAccuracy } from './nearest-neighbor.js';
import { featureStatistics, standardize, type FeatureVector } from './standardize.js';
import { seededSubset } from './split-in-halves.js';

/** How far a set of rolls is from the reference. */
export interface Distances {
  /** 0.5: cannot be told from the reference; 1: always. See nearestNeighborAccuracy. */
  readonly nearestNeighbourAccuracy: number;
  /** Of standardized features, 0 or more; 0 is equal. */
  readonly frechet: number;
  /** Mean over the features, 0..1; 1 is equal. */
  readonly overlap: number;
  /** Median distance to the nearest tune of the reference, of standardized features. */
  readonly nearestDistance: number;
}

/** One feature of a set. */
export interface FeatureSummary {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
  /** With the reference, 0..1. */
  readonly overlap: number;
}

export interface Assessment {
  readonly distances: Distances;
  /** In the order of FEATURES. */
  readonly features: readonly FeatureSummary[];
}

/** Two of each are needed: one tune has no neighbour but itself, and no spread. */
export const MIN_COMPARED_TUNES = 2;

/**
 * Compares the features of a set with those of the reference, MIN_COMPARED_TUNES or more each. All distances are in units of
 * the reference's own deviations. The classifier gets as many of the larger set as the smaller has.
 */
export function assess(sample: readonly FeatureVector[], reference: readonly FeatureVector[]): Assessment {
  const scale = featureStatistics(reference);
  const [x, y] = [standardize(sample, scale), standardize(reference, scale)];
  const even = x.length < y.length ? x.length : y.length;
  const { mean, deviation } = featureStatistics(sample);
  const features = FEATURES.map(({ name }, i) => {
    const overlap = overlapArea(featureValues(sample, i), featureValues(reference, i));
    return { name, mean: mean[i]!, deviation: deviation[i]!, overlap };
  });
  return {
    features,
    distances: {
      nearestNeighbourAccuracy: nearestNeighborAccuracy(seededSubset(x, even), seededSubset(y, even)),
      frechet: frechetDistance(x, y),
      overlap: features.reduce((sum, { overlap }) => sum + overlap, 0) / features.length,
      nearestDistance: medianNearestDistance(x, y),
    },
  };
}

/** One feature of all vectors. */
export const featureValues = (vectors: readonly FeatureVector[], feature: number): number[] =>
  vectors.map((vector) => vector[feature]!);
