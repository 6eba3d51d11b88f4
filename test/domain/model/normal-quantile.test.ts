import { expect, test } from '@jest/globals';
import { normalQuantile } from '../../../src/domain/model/normal-quantile.js';
import { normals, randomStream } from '../../../src/domain/random.js';

test('quantiles of the normal distribution agree with tables and are symmetric', () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 8);
  expect(normalQuantile(0.01)).toBeCloseTo(-2.326347874040841, 8);
  expect(normalQuantile(0.6)).toBeCloseTo(0.2533471031357997, 8);
  for (const p of [0.001, 0.02, 0.3, 0.5]) expect(normalQuantile(1 - p) + normalQuantile(p)).toBeCloseTo(0, 9);
});

test('the share p of normal samples is below the quantile of p', () => {
  const drawn = normals(randomStream(1, 'tests'), 20_000);
  for (const p of [0.1, 0.5, 0.8]) expect(drawn.filter((x) => x < normalQuantile(p)).length / 20_000).toBeCloseTo(p, 1);
});
