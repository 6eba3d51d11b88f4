/**
 * Winograd's minimal filtering F(2, 2) along one axis: two results of a filter of two taps by three multiplications instead of four,
 * and by sums, so with full accuracy (https://arxiv.org/abs/1509.09308). Of the data d and the filter g,
 *
 *     d0 g0 + d1 g1 = first + middle      first = (d0 - d1) g0
 *     d1 g0 + d2 g1 = middle - last       middle = d1 (g0 + g1), last = (d1 - d2) g1
 *
 * Along rows and columns, nine products give what sixteen would.
 */
export type Vector3<T> = readonly [first: T, middle: T, last: T];
export type Vector2<T> = readonly [T, T];

/** A filter that slides along an axis, and the zeros around what it slides over. */
export interface PaddedFilter {
  readonly values: readonly number[];
  readonly before: number;
  readonly after: number;
}

/** What three of rows and three of columns make together. */
export type Matrix3x3<T> = Vector3<Vector3<T>>;
export type Matrix2x2<T> = Vector2<Vector2<T>>;

/** How numbers (or whole tensors of them) are added. */
export interface AdditiveOps<T> {
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
}

export const mapVector3 = <A, B>([first, middle, last]: Vector3<A>, make: (of: A) => B): Vector3<B> => [
  make(first),
  make(middle),
  make(last),
];

/** What each pair of kinds makes. */
export const outerProduct3x3 = <A, B>(
  rows: Vector3<A>,
  columns: Vector3<A>,
  make: (row: A, column: A) => B,
): Matrix3x3<B> => mapVector3(rows, (row) => mapVector3(columns, (column) => make(row, column)));

/** The filters that the data are multiplied with. */
export function transformFilter<T>(taps: Matrix2x2<T>, { add }: AdditiveOps<T>): Matrix3x3<T> {
  const along = <V>([g0, g1]: Vector2<V>, plus: (a: V, b: V) => V): Vector3<V> => [g0, plus(g0, g1), g1];
  const rows = along<Vector2<T>>(taps, (a, b) => [add(a[0], b[0]), add(a[1], b[1])]);
  return mapVector3(rows, (row) => along(row, add));
}

/** The results of nine products. */
export function transformOutput<T>(products: Matrix3x3<T>, { add, subtract }: AdditiveOps<T>): Matrix2x2<T> {
  const [first, middle, last] = mapVector3(products, ([a, b, c]): Vector2<T> => [add(a, b), subtract(b, c)]);
  return [
    [add(first[0], middle[0]), add(first[1], middle[1])],
    [subtract(middle[0], last[0]), subtract(middle[1], last[1])],
  ];
}

/** The gradients of the taps by those of the nine filters: the transpose of `transformFilter`. */
export function transformFilterGradient<T>(gradients: Matrix3x3<T>, { add }: AdditiveOps<T>): Matrix2x2<T> {
  const [first, middle, last] = mapVector3(gradients, ([a, b, c]): Vector2<T> => [add(a, b), add(b, c)]);
  return [
    [add(first[0], middle[0]), add(first[1], middle[1])],
    [add(middle[0], last[0]), add(middle[1], last[1])],
  ];
}

/**
 * The data of a convolution of 4 taps, a stride of 2 and a padding of 1 along an axis. Its taps of one parity p make a filter of two taps
 * that meets every other row, from row p - 1: results 2t and 2t + 1 want rows 4t + p - 1, + 1 and + 3. To be slid with a stride of 4 and a dilation of 2.
 */
export const CONVOLUTION_INPUT_TRANSFORM: Vector2<Vector3<PaddedFilter>> = [
  [
    { values: [1, -1], before: 1, after: 0 },
    { values: [0, 1], before: 1, after: 0 },
    { values: [0, 1, -1], before: 1, after: 0 },
  ],
  [
    { values: [1, -1], before: 0, after: 0 },
    { values: [0, 1], before: 0, after: 0 },
    { values: [0, 1, -1], before: 0, after: 1 },
  ],
];

/**
 * The data of its input gradient: rows 2v + p of the input gradient are made of rows v - 1 + p and v + p of y; v = 2t and 2t + 1 want rows
 * 2t - 1 + p, 2t + p and 2t + 1 + p. To be slid with a stride of 2.
 */
export const TRANSPOSED_INPUT_TRANSFORM: Vector2<Vector3<PaddedFilter>> = [
  [
    { values: [1, -1], before: 1, after: 0 },
    { values: [1], before: 0, after: 0 },
    { values: [1, -1], before: 0, after: 0 },
  ],
  [
    { values: [1, -1], before: 0, after: 0 },
    { values: [0, 1], before: 0, after: 0 },
    { values: [0, 1, -1], before: 0, after: 1 },
  ],
];

/** Its taps that draw the rows of one parity, as they meet y from top to bottom. */
export const TRANSPOSED_TAPS: Vector2<Vector2<number>> = [
  [3, 1],
  [2, 0],
];

/** The gradients of three products by those of their two results, rows 2t and 2t + 1: the transpose of `transformOutput`. To be slid with a stride of 2. */
export const OUTPUT_GRADIENT_TRANSFORM: Vector3<PaddedFilter> = [
  { values: [1], before: 0, after: 0 },
  { values: [1, 1], before: 0, after: 0 },
  { values: [0, -1], before: 0, after: 0 },
];
