import { describe, expect, it } from '@jest/globals';
import { createStepRunner } from '../../../src/app/train/step-runner.js';
import type { NamedTensors } from '../../../src/domain/tensor/tensor.js';
import type { Batches } from '../../../src/ports/batch-loader.js';
import type { CompiledProgram, MultiStepProgram } from '../../../src/ports/tensor-engine.js';
import { tensor } from '../../support/tensor/graph-cases.js';

/** Batches that hold the number of their step. Adds the prefetched steps to `prefetched`. */
const numberedBatches = (prefetched: number[] = []): Batches => ({
  prefetch: (step) => void prefetched.push(step),
  next: async (step) => new Map([['x', tensor([], step)]]),
  close: async () => undefined,
});
const numberIn = (tensors: NamedTensors): number => tensors.get('x')!.data[0]!;

/** A program that returns its feeds as metrics. Adds the number of steps of each run to `runs`. */
function echoProgram(runs: number[]): MultiStepProgram {
  const nothing = async (): Promise<void> => undefined;
  const steps = async (feeds: readonly NamedTensors[]): Promise<readonly NamedTensors[]> => {
    runs.push(feeds.length);
    return feeds;
  };
  const step = async (feeds: NamedTensors): Promise<NamedTensors> => (await steps([feeds]))[0]!;
  return { stepsPerRun: 4, steps, step, load: nothing, read: async () => new Map(), release: nothing };
}

describe('the step runner', () => {
  it('runs groups of steps in order, ends them where the state is needed, and says if it is current', async () => {
    const [runs, prefetched]: [number[], number[]] = [[], []];
    const runner = createStepRunner(
      echoProgram(runs),
      numberedBatches(prefetched),
      (step) => (Math.floor(step / 10) + 1) * 10,
      20,
    );
    const current: number[] = [];
    for (let step = 3; step < 20; step++) {
      expect(numberIn(await runner.metricsOf(step))).toBe(step);
      if (runner.isStateCurrent) current.push(step);
    }
    expect(runs).toEqual([4, 3, 4, 4, 2]);
    expect(current).toEqual([6, 9, 13, 17, 19]);
    // Prefetches as many steps as the next group may have, and none beyond the last.
    expect([...new Set(prefetched)]).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(prefetched.slice(0, 8)).toEqual([7, 8, 9, 10, 10, 11, 12, 13]);
  });

  it('runs single steps of a program that cannot run several at once', async () => {
    const [runs, prefetched]: [number[], number[]] = [[], []];
    const { load, step, read, release } = echoProgram(runs);
    const single: CompiledProgram = { load, step, read, release };
    const runner = createStepRunner(single, numberedBatches(prefetched), () => 10, 4);
    for (let at = 0; at < 3; at++) {
      expect(numberIn(await runner.metricsOf(at))).toBe(at);
      expect(runner.isStateCurrent).toBe(true);
    }
    expect(runs).toEqual([1, 1, 1]);
    expect(prefetched).toEqual([1, 2, 2, 3, 3]);
  });
});
