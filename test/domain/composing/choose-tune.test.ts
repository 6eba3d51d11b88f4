import { describe, expect, it } from '@jest/globals';
import { chooseTune, type TuneCriteria } from '../../../src/domain/composing/choose-tune.js';
import { noteDensity } from '../../../src/domain/roll/density.js';
import { findKey } from '../../../src/domain/roll/key-finding.js';
import { keyName, parseKey } from '../../../src/domain/music/tonal-key.js';
import { singleRollFromScore } from '../../../src/domain/roll/quantize.js';
import { DEFAULT_ROLL_FORMAT } from '../../../src/domain/roll/roll-format.js';
import { composeDemoTune } from '../../../src/domain/demo/tune-composer.js';
import { randomStream } from '../../../src/domain/random.js';

const PLAIN: TuneCriteria = { key: undefined, density: undefined, threshold: 0.5 };

/** Tunes of the demo composer as certainties of 0 and 1, and how many were asked for. */
function drafts(seeds: readonly number[]) {
  const asked: number[] = [];
  const certaintiesOf = (seed: number): Float32Array => {
    asked.push(seed);
    const score = composeDemoTune(randomStream(seed, 'tunes'));
    return Float32Array.from(singleRollFromScore(score, DEFAULT_ROLL_FORMAT, { fold: true }).cells);
  };
  return { asked, from: seeds.map((seed) => async () => certaintiesOf(seed)) };
}
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

describe('choosing a tune', () => {
  it('takes the first draft as it is when there are no criteria', async () => {
    const { asked, from } = drafts(SEEDS);
    const { roll, probabilities } = await chooseTune(from, DEFAULT_ROLL_FORMAT, PLAIN);
    expect(asked).toEqual([0]);
    expect([...roll.cells]).toEqual([...probabilities]);
  });

  it.each(['C', 'F#', 'Bb', 'Am', 'C#m', 'Gm', 'B'])('finds a tune in the key %s', async (name) => {
    for (const first of [0, 5, 9]) {
      const { asked, from } = drafts(SEEDS.slice(first));
      const { roll, probabilities } = await chooseTune(from, DEFAULT_ROLL_FORMAT, { ...PLAIN, key: parseKey(name) });
      expect(keyName(findKey(roll)!)).toBe(name);
      expect([...roll.cells]).toEqual([...probabilities]); // moved with it
      expect(asked.length).toBeLessThan(11); // no more than are needed
    }
  });

  it('tries other thresholds for a density, and other drafts if all probabilities are 0 or 1', async () => {
    const graded = Float32Array.from({ length: 64 * 256 }, (_, i) => ((i * 7919) % 1000) / 1000);
    const densities: number[] = [];
    for (const density of [1, 4, 16]) {
      const choice = { ...PLAIN, density };
      const { roll } = await chooseTune([async () => graded], DEFAULT_ROLL_FORMAT, choice);
      densities.push(noteDensity(roll));
    }
    expect(densities).toEqual([...densities].sort((a, b) => a - b));
    expect(densities[2]).toBeGreaterThan(2 * densities[0]!);

    const choice = { ...PLAIN, density: 3 };
    const all = await Promise.all(SEEDS.map((seed) => chooseTune(drafts([seed]).from, DEFAULT_ROLL_FORMAT, choice)));
    const nearest = Math.min(...all.map(({ roll }) => Math.abs(noteDensity(roll) - 3)));
    const { roll } = await chooseTune(drafts(SEEDS).from, DEFAULT_ROLL_FORMAT, choice);
    expect(Math.abs(noteDensity(roll) - 3)).toBeLessThanOrEqual(Math.max(nearest, 0.3));
  });

  it('returns the nearest tune if none fits, even a blank one', async () => {
    const blank = async () => new Float32Array(64 * 256);
    const { roll } = await chooseTune([blank, blank], DEFAULT_ROLL_FORMAT, {
      ...PLAIN,
      key: parseKey('D'),
      density: 2,
    });
    expect(roll.cells.every((cell) => cell === 0)).toBe(true);
  });
});
