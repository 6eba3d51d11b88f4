import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBatchOrder, stepsPerEpoch } from '../../../src/domain/dataset/batch-order.js';

const sizes = fc.record({
  seed: fc.nat(),
  batch: fc.integer({ min: 1, max: 9 }),
  rolls: fc.integer({ min: 1, max: 40 }),
});

describe('batches', () => {
  it('contain no roll twice in an epoch, and every roll that fits into whole batches', () => {
    fc.assert(
      fc.property(sizes, fc.nat(3), ({ seed, batch, rolls }, epoch) => {
        const order = createBatchOrder(seed, batch, rolls);
        const steps = stepsPerEpoch(rolls, batch);
        const drawn = Array.from({ length: steps }, (_, i) => [...order(epoch * steps + i)]).flat();
        expect(drawn).toHaveLength(steps * batch);
        expect(drawn.every((index) => index >= 0 && index < rolls)).toBe(true);
        expect(new Set(drawn).size).toBe(Math.min(rolls, steps * batch));
      }),
      { numRuns: 60 },
    );
  });

  it('depend on seed and step alone, not on the steps before', () => {
    fc.assert(
      fc.property(sizes, fc.nat(200), ({ seed, batch, rolls }, step) => {
        const walked = createBatchOrder(seed, batch, rolls);
        for (let before = 0; before < step; before += 7) walked(before);
        expect([...walked(step)]).toEqual([...createBatchOrder(seed, batch, rolls)(step)]);
      }),
      { numRuns: 60 },
    );
  });

  it('repeat rolls when there are fewer than a batch', () => {
    expect(stepsPerEpoch(3, 8)).toBe(1);
    const drawn = [...createBatchOrder(1, 8, 3)(5)];
    expect([0, 1, 2].map((roll) => drawn.filter((index) => index === roll).length).sort()).toEqual([2, 3, 3]);
  });

  it('differ from epoch to epoch and from seed to seed', () => {
    const epochs = [0, 1, 2].map((epoch) => [...createBatchOrder(4, 20, 20)(epoch)].join());
    expect(new Set([...epochs, [...createBatchOrder(5, 20, 20)(0)].join()]).size).toBe(4);
  });
});
