import type { FeatureVector } from './standardize.js';

const { sqrt } = Math;

/**
 * Leave-one-out accuracy of a 1-nearest-neighbour classifier that tells two sets of equal size apart (Lopez-Paz and
 * Oquab 2017). 0.5: they cannot be told apart; 1: always; below 0.5: each has its neighbours in the other set, which
 * copies do.
 *
 * Of several equally near neighbours one is taken by chance, so each counts for its share: a set of copies of one tune
 * must not be judged by the order in which it is listed.
 */
export function nearestNeighborAccuracy(a: readonly FeatureVector[], b: readonly FeatureVector[]): number {
  if (a.length !== b.length || a.length < 2) throw new Error('the accuracy needs two sets of one size, 2 or more');
  const all = [...a, ...b];
  let right = 0;
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
    right += own / tied;
  }
  return right / all.length;
}

/** The median distance from a vector of `sample` to the nearest of `reference`: near 0 for copies. */
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

/** |x - y|^2, or anything above `limit` once it is above that. */
function squaredDistance(x: FeatureVector, y: FeatureVector, limit: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const apart = x[i]! - y[i]!;
    sum += apart * apart;
    if (sum > limit) return sum;
  }
  return sum;
}
