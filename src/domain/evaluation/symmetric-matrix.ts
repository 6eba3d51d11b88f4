/** A square matrix in row-major order: [size, size]. */
export interface Matrix {
  readonly size: number;
  readonly data: Float64Array;
}

const { abs, sign, sqrt } = Math;

export const createMatrix = (size: number, data = new Float64Array(size * size)): Matrix => ({ size, data });

export function multiplyMatrices(a: Matrix, b: Matrix): Matrix {
  const { size } = a;
  const product = createMatrix(size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a.data[i * size + k]!;
      for (let j = 0; j < size; j++) product.data[i * size + j]! += factor * b.data[k * size + j]!;
    }
  }
  return product;
}

export function trace({ size, data }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += data[i * size + i]!;
  return sum;
}

/** A = V diag(values) V^T; the eigenvectors are the columns of V. */
interface EigenDecomposition {
  readonly values: Float64Array;
  readonly vectors: Matrix;
}

/** More than enough sweeps, since convergence is quadratic. */
const MAX_SWEEPS = 60;

/** Cyclic Jacobi method (Golub and Van Loan, "Matrix Computations", 8.5): accurate, but slow for large matrices. */
export function eigenDecomposition({ size, data }: Matrix): EigenDecomposition {
  const a = data.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonalSum(a, size) > 0; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) jacobiRotation(a, v, size, p, q);
  }
  const values = Float64Array.from({ length: size }, (_, i) => a[i * size + i]!);
  return { values, vectors: createMatrix(size, v) };
}

/** The square root R of a positive semidefinite matrix: R R = A. Negative eigenvalues, from rounding, count as 0. */
export function matrixSquareRoot(a: Matrix): Matrix {
  const { values, vectors } = eigenDecomposition(a);
  const { size } = a;
  const root = createMatrix(size);
  for (let k = 0; k < size; k++) {
    const scale = values[k]! > 0 ? sqrt(values[k]!) : 0;
    for (let i = 0; i < size; i++) {
      const factor = scale * vectors.data[i * size + k]!;
      for (let j = 0; j < size; j++) root.data[i * size + j]! += factor * vectors.data[j * size + k]!;
    }
  }
  return root;
}

/** Sum of |a_ij| above the diagonal; 0 if it is below the rounding error of the diagonal. */
function offDiagonalSum(a: Float64Array, size: number): number {
  let [off, on] = [0, 0];
  for (let i = 0; i < size; i++) {
    on += abs(a[i * size + i]!);
    for (let j = i + 1; j < size; j++) off += abs(a[i * size + j]!);
  }
  return off <= 1e-15 * on ? 0 : off;
}

/** Rotates in the plane (p, q) so that a[p][q] becomes zero. */
function jacobiRotation(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const offDiagonal = a[p * size + q]!;
  if (offDiagonal === 0) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * offDiagonal);
  const tangent = (theta === 0 ? 1 : sign(theta)) / (abs(theta) + sqrt(theta * theta + 1));
  const cosine = 1 / sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k++) rotatePair(a, k * size + p, k * size + q, cosine, sine);
  for (let k = 0; k < size; k++) rotatePair(a, p * size + k, q * size + k, cosine, sine);
  for (let k = 0; k < size; k++) rotatePair(v, k * size + p, k * size + q, cosine, sine);
}

function rotatePair(data: Float64Array, at: number, other: number, cosine: number, sine: number): void {
  const [x, y] = [data[at]!, data[other]!];
  data[at] = cosine * x - sine * y;
  data[other] = sine * x + cosine * y;
}
