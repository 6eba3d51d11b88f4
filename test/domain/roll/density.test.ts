import { expect, it } from '@jest/globals';
import { noteDensity } from '../../../src/domain/roll/density.js';
import { drawnRoll } from '../../support/evaluation/drawn-roll.js';

it('counts note density in notes a beat, up to the end of the last note', () => {
  expect(noteDensity(drawnRoll([]))).toBe(0);
  // Three notes in 8 columns, 4 beats.
  expect(noteDensity(drawnRoll([[60, 0, 2], [64, 0, 4], [62, 4, 4]]))).toBe(3 / 4); // prettier-ignore
});
