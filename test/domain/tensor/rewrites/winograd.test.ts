import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CONVOLUTION_INPUT_TRANSFORM,
  transformFilter,
  outerProduct3x3,
  OUTPUT_GRADIENT_TRANSFORM,
  transformOutput,
  transformFilterGradient,
  TRANSPOSED_INPUT_TRANSFORM,
  TRANSPOSED_TAPS,
  type Matrix2x2,
  type AdditiveOps,
  type PaddedFilter,
  type Vector3,
} from '../../../../src/domain/tensor/rewrites/winograd.js';

const SUMS: AdditiveOps<number> = { add: (a, b) => a + b, subtract: (a, b) => a - b };
const TWO = [0, 1] as const;
const INDICES: Vector3<0 | 1 | 2> = [0, 1, 2];
const matrix2x2 = (valueAt: (u: 0 | 1, v: 0 | 1) => number): Matrix2x2<number> => [
  [valueAt(0, 0), valueAt(0, 1)],
  [valueAt(1, 0), valueAt(1, 1)],
];

/** A matrix of integers, whose sums are exact. */
const integers = (height: number, width: number): fc.Arbitrary<number[][]> => {
  const row = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: width, maxLength: width });
  return fc.array(row, { minLength: height, maxLength: height });
};

/** Output `at` of a 1-D convolution. */
function convolved(
  row: readonly number[],
  { values, before }: PaddedFilter,
  at: number,
  stride: number,
  dilation: number,
): number {
  const start = at * stride - before;
  return values.reduce((sum, value, i) => sum + value * (row[start + i * dilation] ?? 0), 0);
}

/** Output `at` of a separable 2-D convolution. */
function convolved2d(
  rows: readonly number[][],
  filters: readonly [PaddedFilter, PaddedFilter],
  at: [number, number],
  strideAndDilation: [number, number],
): number {
  const column = rows.map((row) => convolved(row, filters[1], at[1], ...strideAndDilation));
  return convolved(column, filters[0], at[0], ...strideAndDilation);
}

const add = (a: number, b: number): number => a + b;
/** With -0 as 0: the sign of zero does not matter. */
const unsigned = (values: Matrix2x2<number>): number[] => values.flat().map((value) => value + 0);
const products = <T>(productOf: (row: 0 | 1 | 2, column: 0 | 1 | 2) => T): Vector3<Vector3<T>> =>
  outerProduct3x3(INDICES, INDICES, productOf);

describe("Winograd's minimal filtering", () => {
  it('computes the four outputs of a 2x2 filter with nine multiplications', () => {
    fc.assert(
      fc.property(integers(3, 3), integers(2, 2), (d, g) => {
        const filter = transformFilter(
          matrix2x2((u, v) => g[u]![v]!),
          SUMS,
        );
        const along = (row: readonly number[]): Vector3<number> => [row[0]! - row[1]!, row[1]!, row[1]! - row[2]!];
        const columns = d.map(along);
        const results = transformOutput(
          products((row, column) => along(columns.map((values) => values[column]))[row] * filter[row][column]),
          SUMS,
        );
        const plain = matrix2x2((u, v) =>
          TWO.flatMap((a) => TWO.map((b) => d[u + a]![v + b]! * g[a]![b]!)).reduce(add),
        );
        expect(unsigned(results)).toEqual(unsigned(plain));
      }),
    );
  });

  it('computes a tile of a 4x4 convolution with stride 2 and padding 1', () => {
    fc.assert(
      fc.property(integers(8, 8), integers(4, 4), fc.nat(1), fc.nat(1), (x, w, t, s) => {
        const sums = TWO.flatMap((p) =>
          TWO.map((q) => {
            const filter = transformFilter(
              matrix2x2((u, v) => w[2 * u + p]![2 * v + q]!),
              SUMS,
            );
            return products(
              (row, column) =>
                convolved2d(
                  x,
                  [CONVOLUTION_INPUT_TRANSFORM[p][row], CONVOLUTION_INPUT_TRANSFORM[q][column]],
                  [t, s],
                  [4, 2],
                ) * filter[row][column],
            );
          }),
        ).reduce((a, b) => products((row, column) => a[row][column] + b[row][column]));
        const plain = matrix2x2((u, v) =>
          w
            .flatMap((taps, a) =>
              taps.map((tap, b) => tap * (x[2 * (2 * t + u) - 1 + a]?.[2 * (2 * s + v) - 1 + b] ?? 0)),
            )
            .reduce(add),
        );
        expect(unsigned(transformOutput(sums, SUMS))).toEqual(unsigned(plain));
      }),
    );
  });

  it('computes a tile of its input gradient', () => {
    fc.assert(
      fc.property(integers(4, 4), integers(4, 4), fc.nat(1), fc.nat(1), (y, w, t, s) => {
        for (const p of TWO) {
          for (const q of TWO) {
            const taps = matrix2x2((u, v) => w[TRANSPOSED_TAPS[p][u]]![TRANSPOSED_TAPS[q][v]]!);
            const filter = transformFilter(taps, SUMS);
            const results = transformOutput(
              products(
                (row, column) =>
                  convolved2d(
                    y,
                    [TRANSPOSED_INPUT_TRANSFORM[p][row], TRANSPOSED_INPUT_TRANSFORM[q][column]],
                    [t, s],
                    [2, 1],
                  ) * filter[row][column],
              ),
              SUMS,
            );
            const plain = matrix2x2((u, v) => {
              const [row, column] = [2 * (2 * t + u) + p, 2 * (2 * s + v) + q];
              // y[i][j] is multiplied with x[2 i - 1 + a][2 j - 1 + b] and w[a][b]
              return y
                .flatMap((values, i) =>
                  values.map((value, j) => value * (w[row - 2 * i + 1]?.[column - 2 * j + 1] ?? 0)),
                )
                .reduce(add);
            });
            expect(unsigned(results)).toEqual(unsigned(plain));
          }
        }
      }),
    );
  });

  it('has gradient transforms that are the transposes of the forward transforms', () => {
    fc.assert(
      fc.property(integers(2, 2), integers(3, 3), integers(3, 3), integers(2, 2), (dy, m, du, g) => {
        // <transformOutput(m), dy> = <m, dm>, and <transformFilter(g), du> = <g, transformFilterGradient(du)>
        const results = transformOutput(
          products((row, column) => m[row]![column]!),
          SUMS,
        );
        const inner = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number =>
          a.flatMap((row, i) => row.map((value, j) => value * b[i]![j]!)).reduce(add);
        const dm = products((row, column) =>
          convolved2d(dy, [OUTPUT_GRADIENT_TRANSFORM[row], OUTPUT_GRADIENT_TRANSFORM[column]], [0, 0], [2, 1]),
        );
        expect(inner(results, dy) - inner(m, dm)).toBe(0);
        const gradients = products((row, column) => du[row]![column]!);
        const filter = transformFilter(
          matrix2x2((u, v) => g[u]![v]!),
          SUMS,
        );
        expect(inner(filter, du) - inner(g, transformFilterGradient(gradients, SUMS))).toBe(0);
      }),
    );
  });
});
