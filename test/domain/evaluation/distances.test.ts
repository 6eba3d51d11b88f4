import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { frechetDistance } from '../../../src/domain/evaluation/frechet-distance.js';
import { referenceBins, histogram, overlapArea } from '../../../src/domain/evaluation/histogram.js';
import { medianNearestDistance, nearestNeighborAccuracy } from '../../../src/domain/evaluation/nearest-neighbor.js';
import { MIN_DEVIATION, featureStatistics, standardize } from '../../../src/domain/evaluation/standardize.js';
import {
  eigenDecomposition,
  createMatrix,
  multiplyMatrices,
  matrixSquareRoot,
} from '../../../src/domain/evaluation/symmetric-matrix.js';
import { randomStream } from '../../../src/domain/random.js';

const vectors = (rows: readonly (readonly number[])[]): Float64Array[] => rows.map((row) => Float64Array.from(row));

/** Normal points with these deviations, moved by `mean`. */
function cloud(seed: number, count: number, deviations: readonly number[], mean = 0): Float64Array[] {
  const random = randomStream(seed, 'tests');
  return Array.from({ length: count }, () =>
    Float64Array.from(deviations, (deviation) => mean + deviation * random.normal()),
  );
}

describe('nearestNeighborAccuracy', () => {
  it('is 1 for sets far apart, about 0.5 for two of one kind', () => {
    expect(nearestNeighborAccuracy(cloud(1, 30, [1, 1]), cloud(2, 30, [1, 1], 50))).toBe(1);
    const alike = nearestNeighborAccuracy(cloud(1, 150, [1, 1, 1]), cloud(2, 150, [1, 1, 1]));
    expect(Math.abs(alike - 0.5)).toBeLessThan(0.1);
  });

  it('is 0 if each vector has its copy in the other set', () => {
    const set = cloud(3, 20, [1, 1]);
    expect(nearestNeighborAccuracy(set, set)).toBe(0);
  });

  it('counts equally near neighbors by their share, whatever the order', () => {
    // From 0 both 1 and -1 are equally near; each of them has 0 as its nearest, 5 has 1.
    const [a, b] = [vectors([[0], [1]]), vectors([[-1], [5]])];
    expect(nearestNeighborAccuracy(a, b)).toBe((0.5 + 1 + 0 + 0) / 4);
    expect(nearestNeighborAccuracy([...a].reverse(), [...b].reverse())).toBe(1.5 / 4);
    expect(nearestNeighborAccuracy(b, a)).toBe(1.5 / 4);
    // All points in one place: of the three others one is of the own set.
    expect(nearestNeighborAccuracy(vectors([[7], [7]]), vectors([[7], [7]]))).toBeCloseTo(1 / 3, 12);
  });

  it('needs sets of equal size', () => {
    expect(() => nearestNeighborAccuracy(vectors([[0], [1]]), vectors([[0]]))).toThrow('equal size');
  });
});

describe('medianNearestDistance', () => {
  it('is the median over the sample', () => {
    const reference = vectors([
      [0, 0],
      [10, 0],
    ]);
    expect(
      medianNearestDistance(
        vectors([
          [3, 4],
          [10, 1],
          [10, 0],
        ]),
        reference,
      ),
    ).toBe(1);
    expect(
      medianNearestDistance(
        vectors([
          [3, 4],
          [10, 1],
        ]),
        reference,
      ),
    ).toBe(3);
  });
});

describe('the Frechet distance', () => {
  it('is 0 for equal sets and symmetric', () => {
    const [a, b] = [cloud(1, 12, [1, 3, 0]), cloud(2, 15, [2, 1, 1], 1)];
    expect(frechetDistance(a, a)).toBeCloseTo(0, 9);
    expect(frechetDistance(a, b)).toBeCloseTo(frechetDistance(b, a), 9);
    expect(frechetDistance(a, b)).toBeGreaterThan(1);
  });

  it('equals the closed form for uncorrelated features: the sum of (m1 - m2)^2 + (s1 - s2)^2', () => {
    // Four corners: covariance diagonal, variances (2 x)^2 / 3 per axis.
    const corners = (x: number, y: number, at: number): Float64Array[] =>
      vectors([
        [at + x, at + y],
        [at + x, at - y],
        [at - x, at + y],
        [at - x, at - y],
      ]);
    const deviation = (x: number): number => x * Math.sqrt(4 / 3);
    const expected = 2 * 3 ** 2 + (deviation(1) - deviation(4)) ** 2 + (deviation(2) - deviation(0.5)) ** 2;
    expect(frechetDistance(corners(1, 2, 0), corners(4, 0.5, 3))).toBeCloseTo(expected, 9);
  });

  it('is invariant under a rotation of both sets', () => {
    const turn = (set: readonly Float64Array[]): Float64Array[] =>
      set.map(([x, y]) => Float64Array.of(0.6 * x! - 0.8 * y!, 0.8 * x! + 0.6 * y!));
    const [a, b] = [cloud(1, 20, [1, 5]), cloud(2, 20, [4, 1], 2)];
    expect(frechetDistance(turn(a), turn(b))).toBeCloseTo(frechetDistance(a, b), 9);
  });
});

describe('symmetric matrices', () => {
  const symmetric = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.infiniteStream(fc.double({ min: -10, max: 10, noNaN: true })))
    .map(([size, stream]) => {
      const a = createMatrix(size);
      for (let i = 0; i < size; i++) {
        for (let j = 0; j <= i; j++) a.data[i * size + j] = a.data[j * size + i] = Number(stream.next().value);
      }
      return a;
    });
  const close = (a: ArrayLike<number>, b: ArrayLike<number>): void =>
    Array.from(a).forEach((value, i) => expect(value).toBeCloseTo(b[i]!, 6));

  it('are V diag(values) V^T with V^T V = 1', () => {
    fc.assert(
      fc.property(symmetric, (a) => {
        const { values, vectors: v } = eigenDecomposition(a);
        const transposed = createMatrix(
          a.size,
          v.data.map((_, i) => v.data[(i % a.size) * a.size + Math.floor(i / a.size)]!),
        );
        const diagonal = createMatrix(a.size);
        values.forEach((value, i) => (diagonal.data[i * a.size + i] = value));
        close(multiplyMatrices(multiplyMatrices(v, diagonal), transposed).data, a.data);
        close(
          multiplyMatrices(transposed, v).data,
          Float64Array.from(a.data, (_, i) => (i % (a.size + 1) === 0 ? 1 : 0)),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('have a square root if they are squares', () => {
    fc.assert(
      fc.property(symmetric, (a) => {
        const square = multiplyMatrices(a, a);
        const root = matrixSquareRoot(square);
        const again = multiplyMatrices(root, root);
        const size = Math.max(1, ...square.data.map(Math.abs));
        close(
          again.data.map((x) => x / size),
          square.data.map((x) => x / size),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('histograms', () => {
  it('overlap completely with themselves and not at all with distant values', () => {
    const values = Array.from({ length: 50 }, (_, i) => i);
    expect(overlapArea(values, values)).toBeCloseTo(1, 12);
    expect(
      overlapArea(
        values.map((x) => x + 1000),
        values,
      ),
    ).toBeLessThan(0.03);
    expect(
      overlapArea(
        values.map((x) => x + 25),
        values,
      ),
    ).toBeCloseTo(0.5, 1);
  });

  it('are not squeezed by one outlier', () => {
    const values = Array.from({ length: 200 }, (_, i) => i % 100);
    expect(referenceBins([...values, 1e9]).high).toBeLessThan(100);
  });

  it('count every value once, also if all are equal', () => {
    expect([...histogram([1, 2, 2, 3], referenceBins([2, 2, 2]))]).toEqual([0.25, 0.5, 0.25]);
    const shares = histogram([-5, 0, 3, 9.99, 10, 44], { low: 0, high: 10, innerCount: 2 });
    expect([...shares].map((share) => Math.round(share * 6))).toEqual([1, 2, 2, 1]);
    expect(overlapArea([2, 2], [2, 2, 2])).toBe(1);
  });
});

describe('standardizing', () => {
  it('gives the set itself mean 0 and deviation 1', () => {
    const set = cloud(4, 25, [3, 0.5], 7);
    const { mean, deviation } = featureStatistics(standardize(set, featureStatistics(set)));
    for (const i of [0, 1]) expect([mean[i], deviation[i]]).toEqual([expect.closeTo(0, 9), expect.closeTo(1, 9)]);
  });

  it('uses MIN_DEVIATION for smaller deviations', () => {
    const scale = featureStatistics(vectors([[4], [4]]));
    expect(standardize(vectors([[4.5]]), scale)[0]![0]).toBeCloseTo(0.5 / MIN_DEVIATION, 9);
  });
});
