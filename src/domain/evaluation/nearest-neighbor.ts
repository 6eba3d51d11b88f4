import type { FeatureVector } from './standardize.js';

const { sqrt } = Math;

/**
 * Leave-one-out accuracy of a 1-nearest-neighbor classifier of two sets of equal size (Lopez-Paz and Oquab 2017). 0.5
 * if the sets cannot be told apart, 1 if they always can; below 0.5 if the neighbors lie in the other set, as for
 * copies. Among equally near neighbors each counts for its share, so that the order of the sets does not matter.
 */
export function nearestNeighborAccuracy(a: readonly FeatureVector[], b: readonly FeatureVector[]): number {
  if (a.length !== b.length || a.length < 2)
    throw new Error(`the accuracy needs two sets of equal size, 2 or more, got ${a.length} and ${b.length}`);
  const all = [...a, ...b];
  let correct = 0;
  for (let i = 0; i < all.length; i++) {
    let [nearest, tied, own] = [Infinity, 0, 0];
    for (let j = 0; j < all.length; j++) {
      if (j === i) continue;
      const distance = squaredDistance(all[i]!, all[j]!, nearest);
      if (distance > nearest) continue;
      if (distance < nearest) [nearest, tied, own] = [distance, 0, 0];
      tied++;
      if (i < a.length === j < a.length) own++;
    }
    correct += own / tied;
  }
  return correct / all.length;
}

/** Median distance from the vectors of `sample` to the nearest one of `reference`; near 0 for copies. */
export function medianNearestDistance(sample: readonly FeatureVector[], reference: readonly FeatureVector[]): number {
  const distances = sample.map((vector) => {
    let nearest = Infinity;
    for (const other of reference) {
      const distance = squaredDistance(vector, other, nearest);
      if (distance < nearest) nearest = distance;
    }
    return sqrt(nearest);
  });
  distances.sort((x, y) => x - y);
  const middle = distances.length >> 1;
  return distances.length % 2 === 1 ? distances[middle]! : (distances[middle - 1]! + distances[middle]!) / 2;
}

/** |x - y|^2, or some number above `limit` if it is larger than that. */
function squaredDistance(x: FeatureVector, y: FeatureVector, limit: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const difference = x[i]! - y[i]!;
    sum += difference * difference;
    if (sum > limit) return sum;
  }
  return sum;
}
