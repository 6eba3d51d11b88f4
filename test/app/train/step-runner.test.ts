import { describe, expect, it } from '@jest/globals';
import { createStepRunner } from '../../../src/app/train/step-runner.js';
import type { NamedTensors } from '../../../src/domain/tensor/tensor.js';
import type { Batches } from '../../../src/ports/batch-loader.js';
import type { CompiledProgram, MultiStepProgram } from '../../../src/ports/tensor-engine.js';
import { tensor } from '../../support/tensor/graph-cases.js';

/** Feeds that say their step; notes which steps were asked for ahead. */
const numbered = (asked: number[] = []): Batches => ({
  prefetch: (step) => void asked.push(step),
  next: async (step) => new Map([['x', tensor([], step)]]),
  close: async () => undefined,
});
const numberIn = (tensors: NamedTensors): number => tensors.get('x')!.data[0]!;

/** Gives back what it is fed, and notes how many steps each run had. */
function echo(runs: number[]): MultiStepProgram {
  const nothing = async (): Promise<void> => undefined;
  const steps = async (feeds: readonly NamedTensors[]): Promise<readonly NamedTensors[]> => {
    runs.push(feeds.length);
    return feeds;
  };
  const step = async (feeds: NamedTensors): Promise<NamedTensors> => (await steps([feeds]))[0]!;
  return { stepsPerRun: 4, steps, step, load: nothing, read: async () => new Map(), release: nothing };
}

describe('steps in groups', () => {
  it('come in order, never beyond where the state is needed, and say when the state is theirs', async () => {
    const [runs, asked]: [number[], number[]] = [[], []];
    const runner = createStepRunner(echo(runs), numbered(asked), (step) => (Math.floor(step / 10) + 1) * 10, 20);
    const settled: number[] = [];
    for (let step = 3; step < 20; step++) {
      expect(numberIn(await runner.metricsOf(step))).toBe(step);
      if (runner.isStateCurrent) settled.push(step);
    }
    expect(runs).toEqual([4, 3, 4, 4, 2]);
    expect(settled).toEqual([6, 9, 13, 17, 19]);
    // Of as many steps as the next group may have, never of one after the last.
    expect([...new Set(asked)]).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(asked.slice(0, 8)).toEqual([7, 8, 9, 10, 10, 11, 12, 13]);
  });

  it('are single steps for a program that takes no more', async () => {
    const [runs, asked]: [number[], number[]] = [[], []];
    const { load, step, read, release } = echo(runs);
    const single: CompiledProgram = { load, step, read, release };
    const runner = createStepRunner(single, numbered(asked), () => 10, 4);
    for (let at = 0; at < 3; at++) {
      expect(numberIn(await runner.metricsOf(at))).toBe(at);
      expect(runner.isStateCurrent).toBe(true);
    }
    expect(runs).toEqual([1, 1, 1]);
    expect(asked).toEqual([1, 2, 2, 3, 3]);
  });
});
