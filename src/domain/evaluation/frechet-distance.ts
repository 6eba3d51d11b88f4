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
 * The Frechet distance of the normal distributions with the mean and covariance of two sets (Frechet 1957; Dowson and
 * Landau 1982; on features of pictures Heusel et al. 2017):
 *
 *     |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2))
 *
 * S1 S2 is not symmetric, but it has the eigenvalues of R S2 R with R = S1^(1/2), which is, so the trace of its root is
 * the sum of the roots of those. 0 for equal sets. Each set holds two vectors or more.
 */
export function frechetDistance(a: readonly FeatureVector[], b: readonly FeatureVector[]): number {
  const [first, second] = [featureStatistics(a).mean, featureStatistics(b).mean];
  const apart = first.reduce((sum, x, i) => sum + (x - second[i]!) ** 2, 0);
  const [s1, s2] = [covariance(a, first), covariance(b, second)];
  const root = matrixSquareRoot(s1);
  const { values } = eigenDecomposition(symmetrize(multiplyMatrices(multiplyMatrices(root, s2), root)));
  const rootTrace = values.reduce((sum, value) => sum + (value > 0 ? sqrt(value) : 0), 0);
  const distance = apart + trace(s1) + trace(s2) - 2 * rootTrace;
  return distance > 0 ? distance : 0;
}

/** Unbiased, divided by n - 1. */
function covariance(vectors: readonly FeatureVector[], mean: Float64Array): Matrix {
  const size = mean.length;
  const result = createMatrix(size);
  for (const vector of vectors) {
    for (let i = 0; i < size; i++) {
      const apart = (vector[i]! - mean[i]!) / (vectors.length - 1);
      for (let j = 0; j < size; j++) result.data[i * size + j]! += apart * (vector[j]! - mean[j]!);
    }
  }
  return result;
}

/** Takes out what rounding made unsymmetric. */
function symmetrize({ size, data }: Matrix): Matrix {
  const even = createMatrix(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) even.data[i * size + j] = (data[i * size + j]! + data[j * size + i]!) / 2;
  }
  return even;
}
