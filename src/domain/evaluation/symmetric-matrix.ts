/** A square matrix, rows one after the other: [size, size]. */
export interface Matrix {
  readonly size: number;
  readonly data: Float64Array;
}

const { abs, sign, sqrt } = Math;

export const matrix = (size: number, data = new Float64Array(size * size)): Matrix => ({ size, data });

export function multiply(a: Matrix, b: Matrix): Matrix {
  const { size } = a;
  const product = matrix(size);
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

/** A = V diag(values) V^T; the vectors are the columns of V. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Matrix;
}

/** Sweeps after which a matrix of doubles has long converged: convergence is quadratic. */
const MOST_SWEEPS = 60;

/** Cyclic Jacobi rotations (Golub and Van Loan, "Matrix Computations", 8.5): slow for large matrices, exact for small. */
export function eigenOf({ size, data }: Matrix): Eigen {
  const a = data.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a, size) > 0; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
  }
  const values = Float64Array.from({ length: size }, (_, i) => a[i * size + i]!);
  return { values, vectors: matrix(size, v) };
}

/** The root of a positive semidefinite matrix: R R = A. Eigenvalues that rounding made negative count as 0. */
export function squareRoot(a: Matrix): Matrix {
  const { values, vectors } = eigenOf(a);
  const { size } = a;
  const root = matrix(size);
  for (let k = 0; k < size; k++) {
    const scale = values[k]! > 0 ? sqrt(values[k]!) : 0;
    for (let i = 0; i < size; i++) {
      const factor = scale * vectors.data[i * size + k]!;
      for (let j = 0; j < size; j++) root.data[i * size + j]! += factor * vectors.data[j * size + k]!;
    }
  }
  return root;
}

/** Sum of what a sweep would still remove, 0 when it is below the diagonal's rounding. */
function offDiagonal(a: Float64Array, size: number): number {
  let [off, on] = [0, 0];
  for (let i = 0; i < size; i++) {
    on += abs(a[i * size + i]!);
    for (let j = i + 1; j < size; j++) off += abs(a[i * size + j]!);
  }
  return off <= 1e-15 * on ? 0 : off;
}

/** One rotation in the plane (p, q) that makes a[p][q] zero. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const between = a[p * size + q]!;
  if (between === 0) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * between);
  const tangent = (theta === 0 ? 1 : sign(theta)) / (abs(theta) + sqrt(theta * theta + 1));
  const cosine = 1 / sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k++) turn(a, k * size + p, k * size + q, cosine, sine);
  for (let k = 0; k < size; k++) turn(a, p * size + k, q * size + k, cosine, sine);
  for (let k = 0; k < size; k++) turn(v, k * size + p, k * size + q, cosine, sine);
}

function turn(data: Float64Array, at: number, other: number, cosine: number, sine: number): void {
  const [x, y] = [data[at]!, data[other]!];
  data[at] = cosine * x - sine * y;
  data[other] = sine * x + cosine * y;
}
