/** A point in feature space, one number for each feature. All vectors of a comparison have the same length. */
export type FeatureVector = Float64Array;

/** Mean and standard deviation of each feature in a set. */
interface FeatureStatistics {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

const { sqrt } = Math;

/** @param vectors one or more; the deviation is that of a population (divided by n) */
export function featureStatistics(vectors: readonly FeatureVector[]): FeatureStatistics {
  const size = vectors[0]!.length;
  const [mean, deviation] = [new Float64Array(size), new Float64Array(size)];
  for (let i = 0; i < size; i++) {
    let [sum, squares] = [0, 0];
    for (const vector of vectors) sum += vector[i]!;
    mean[i] = sum / vectors.length;
    for (const vector of vectors) squares += (vector[i]! - mean[i]!) ** 2;
    deviation[i] = sqrt(squares / vectors.length);
  }
  return { mean, deviation };
}

/**
 * Smaller deviations count as this one. Real tunes hardly vary in some shares (empty bars, orphan sustains, repeated
 * notes in a format that merges them): there a difference must count, but one odd tune must not outweigh all other
 * features.
 */
export const MIN_DEVIATION = 0.05;

/** z = (x - mean) / max(deviation, MIN_DEVIATION) */
export function standardize(
  vectors: readonly FeatureVector[],
  { mean, deviation }: FeatureStatistics,
): FeatureVector[] {
  const unit = deviation.map((value) => (value > MIN_DEVIATION ? value : MIN_DEVIATION));
  return vectors.map((vector) => vector.map((x, i) => (x - mean[i]!) / unit[i]!));
}
