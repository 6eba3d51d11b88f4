import { frechetDistance } from './frechet-distance.js';
import { FEATURES } from './features/feature-extraction.js';
import { overlapArea } from './histogram.js';
import { medianNearestDistance, nearestNeighborAccuracy } from './nearest-neighbor.js';
import { featureStatistics, standardize, type FeatureVector } from './standardize.js';
import { seededSubset } from './split-in-halves.js';

/** Distances of a set of rolls from the reference. */
export interface Distances {
  /** 0.5 if the set cannot be told from the reference, 1 if it always can. See nearestNeighborAccuracy. */
  readonly nearestNeighbourAccuracy: number;
  /** Frechet distance of standardized features; 0 for equal sets. */
  readonly frechet: number;
  /** Mean overlap of the features, 0..1; 1 for equal sets. */
  readonly overlap: number;
  /** Median distance to the nearest tune of the reference, in standardized features. */
  readonly nearestDistance: number;
}

/** A feature of a set. */
interface FeatureSummary {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
  /** Overlap with the reference, 0..1. */
  readonly overlap: number;
}

export interface Assessment {
  readonly distances: Distances;
  /** In the order of FEATURES. */
  readonly features: readonly FeatureSummary[];
}

/** One tune alone has no neighbor and no deviation. */
export const MIN_COMPARED_TUNES = 2;

/**
 * Compares the features of two sets of MIN_COMPARED_TUNES or more. Distances are in units of the deviations of the
 * reference. The nearest-neighbor classifier compares equally many of both sets.
 */
export function assess(sample: readonly FeatureVector[], reference: readonly FeatureVector[]): Assessment {
  const scale = featureStatistics(reference);
  const [x, y] = [standardize(sample, scale), standardize(reference, scale)];
  const size = x.length < y.length ? x.length : y.length;
  const { mean, deviation } = featureStatistics(sample);
  const features = FEATURES.map(({ name }, i) => {
    const overlap = overlapArea(featureValues(sample, i), featureValues(reference, i));
    return { name, mean: mean[i]!, deviation: deviation[i]!, overlap };
  });
  return {
    features,
    distances: {
      nearestNeighbourAccuracy: nearestNeighborAccuracy(seededSubset(x, size), seededSubset(y, size)),
      frechet: frechetDistance(x, y),
      overlap: features.reduce((sum, { overlap }) => sum + overlap, 0) / features.length,
      nearestDistance: medianNearestDistance(x, y),
    },
  };
}

/** The values of one feature. */
export const featureValues = (vectors: readonly FeatureVector[], feature: number): number[] =>
  vectors.map((vector) => vector[feature]!);
