import { expect, it } from '@jest/globals';
import {
  countDiscriminatorScores,
  formatDiscriminatorScores,
} from '../../../src/domain/training/discriminator-scores.js';

it('counts probabilities over 0.7 as real and under 0.3 as fake, of the first eight only', () => {
  const probabilities = Float32Array.of(0.71, 0.69, 0.5, 0.31, 0.29, 0, 1, 0.9, 1, 1, 1);
  expect(countDiscriminatorScores(probabilities)).toEqual({ real: 3, ambiguous: 3, fake: 2 });
  expect(formatDiscriminatorScores(countDiscriminatorScores(probabilities))).toBe('3/3/2');
  expect(countDiscriminatorScores(Float32Array.of(0.1))).toEqual({ real: 0, ambiguous: 0, fake: 1 });
});
