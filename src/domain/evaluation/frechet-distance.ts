import {
  eigenDecomposition,
  createMatrix,
  multiplyMatrices,
  matrixSquareRoot,
  trace,
  type Matrix,
} from './symmetric-matrix.js';
import { featureStatistics, type FeatureVector } from './standardize.js';

const { sqrt } = Math;

/**
 * The Frechet distance of two normal distributions with the mean m and covariance S of each set (Frechet 1957; Dowson
 * and Landau 1982; of network features of pictures: Heusel et al. 2017):
 *
 *     |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2))
 *
 * S1 S2 is not symmetric, but R S2 R with R = S1^(1/2) is, and has the same eigenvalues. The trace of the root is the
 * sum of their square roots. 0 for equal sets.
 * @param a two vectors or more, as `b`
 */
export function frechetDistance(a: readonly FeatureVector[], b: readonly FeatureVector[]): number {
  const [first, second] = [featureStatistics(a).mean, featureStatistics(b).mean];
  const meanTerm = first.reduce((sum, x, i) => sum + (x - second[i]!) ** 2, 0);
  const [s1, s2] = [covariance(a, first), covariance(b, second)];
  const root = matrixSquareRoot(s1);
  const { values } = eigenDecomposition(symmetrize(multiplyMatrices(multiplyMatrices(root, s2), root)));
  const rootTrace = values.reduce((sum, value) => sum + (value > 0 ? sqrt(value) : 0), 0);
  const distance = meanTerm + trace(s1) + trace(s2) - 2 * rootTrace;
  return distance > 0 ? distance : 0;
}

/** The unbiased covariance (divided by n - 1). */
function covariance(vectors: readonly FeatureVector[], mean: Float64Array): Matrix {
  const size = mean.length;
  const result = createMatrix(size);
  for (const vector of vectors) {
    for (let i = 0; i < size; i++) {
      const scaled = (vector[i]! - mean[i]!) / (vectors.length - 1);
      for (let j = 0; j < size; j++) result.data[i * size + j]! += scaled * (vector[j]! - mean[j]!);
    }
  }
  return result;
}

/** (A + A^T) / 2, which removes the asymmetry of rounding. */
function symmetrize({ size, data }: Matrix): Matrix {
  const result = createMatrix(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) result.data[i * size + j] = (data[i * size + j]! + data[j * size + i]!) / 2;
  }
  return result;
}
