/**
 * Winograd's minimal filtering algorithm F(2, 2) (Lavin and Gray 2016, https://arxiv.org/abs/1509.09308): two outputs
 * of a filter of two taps with three multiplications instead of four. For data d and filter g,
 *
 *     d0 g0 + d1 g1 = first + middle      first = (d0 - d1) g0
 *     d1 g0 + d2 g1 = middle - last       middle = d1 (g0 + g1), last = (d1 - d2) g1
 *
 * In two dimensions it takes nine multiplications instead of sixteen. The transforms only add and subtract.
 */
export type Vector3<T> = readonly [first: T, middle: T, last: T];
type Vector2<T> = readonly [T, T];
type Matrix3x3<T> = Vector3<Vector3<T>>;
export type Matrix2x2<T> = Vector2<Vector2<T>>;

/** A one-dimensional filter and the zero padding before and after the data. */
export interface PaddedFilter {
  readonly values: readonly number[];
  readonly before: number;
  readonly after: number;
}

/** Addition of numbers, or of whole tensors. */
export interface AdditiveOps<T> {
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
}

const mapVector3 = <A, B>([first, middle, last]: Vector3<A>, transform: (of: A) => B): Vector3<B> => [
  transform(first),
  transform(middle),
  transform(last),
];

/** combine(row, column) for each pair. */
export const outerProduct3x3 = <A, B>(
  rows: Vector3<A>,
  columns: Vector3<A>,
  combine: (row: A, column: A) => B,
): Matrix3x3<B> => mapVector3(rows, (row) => mapVector3(columns, (column) => combine(row, column)));

/** The filter transform: 2x2 taps to the 3x3 factors of the products. */
export function transformFilter<T>(taps: Matrix2x2<T>, { add }: AdditiveOps<T>): Matrix3x3<T> {
  const along = <V>([g0, g1]: Vector2<V>, plus: (a: V, b: V) => V): Vector3<V> => [g0, plus(g0, g1), g1];
  const rows = along<Vector2<T>>(taps, (a, b) => [add(a[0], b[0]), add(a[1], b[1])]);
  return mapVector3(rows, (row) => along(row, add));
}

/** The output transform: nine products to 2x2 outputs. */
export function transformOutput<T>(products: Matrix3x3<T>, { add, subtract }: AdditiveOps<T>): Matrix2x2<T> {
  const [first, middle, last] = mapVector3(products, ([a, b, c]): Vector2<T> => [add(a, b), subtract(b, c)]);
  return [
    [add(first[0], middle[0]), add(first[1], middle[1])],
    [subtract(middle[0], last[0]), subtract(middle[1], last[1])],
  ];
}

/** The gradients of the 2x2 taps from those of the 3x3 factors: the transpose of `transformFilter`. */
export function transformFilterGradient<T>(gradients: Matrix3x3<T>, { add }: AdditiveOps<T>): Matrix2x2<T> {
  const [first, middle, last] = mapVector3(gradients, ([a, b, c]): Vector2<T> => [add(a, b), add(b, c)]);
  return [
    [add(first[0], middle[0]), add(first[1], middle[1])],
    [add(middle[0], last[0]), add(middle[1], last[1])],
  ];
}

/**
 * The input transform of a convolution with 4 taps, stride 2 and padding 1, for the taps of each parity p. Those are a
 * filter of two taps over every second row: outputs 2t and 2t + 1 read rows 4t + p - 1, 4t + p + 1 and 4t + p + 3.
 * Apply the filters with stride 4 and dilation 2.
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
 * The input transform of that convolution's input gradient, for the rows of each parity p: row 2v + p is computed from
 * rows v - 1 + p and v + p of y, so v = 2t and 2t + 1 read rows 2t - 1 + p, 2t + p and 2t + 1 + p.
 * Apply the filters with stride 2.
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

/** For each parity of the input gradient's rows, the kernel taps that multiply rows v - 1 + p and v + p of y. */
export const TRANSPOSED_TAPS: Vector2<Vector2<number>> = [
  [3, 1],
  [2, 0],
];

/**
 * The gradients of the three products from those of the two outputs, rows 2t and 2t + 1: the transpose of
 * `transformOutput`. Apply the filters with stride 2.
 */
export const OUTPUT_GRADIENT_TRANSFORM: Vector3<PaddedFilter> = [
  { values: [1], before: 0, after: 0 },
  { values: [1, 1], before: 0, after: 0 },
  { values: [0, -1], before: 0, after: 0 },
];
