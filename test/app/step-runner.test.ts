import { describe, expect, it } from '@jest/globals';
import { makeStepRunner } from '../../src/app/step-runner.js';
import type { NamedTensors } from '../../src/domain/tensor/tensor.js';
import type { CompiledProgram, SteppingProgram } from '../../src/ports/tensor-engine.js';
import { tensor } from '../support/tensor/feeds.js';

const feedsOf = (step: number): NamedTensors => new Map([['x', tensor([], step)]]);
const numberIn = (tensors: NamedTensors): number => tensors.get('x')!.data[0]!;

/** Gives back what it is fed, and notes how many steps each run had. */
function echo(runs: number[]): SteppingProgram {
  const nothing = async (): Promise<void> => undefined;
  const steps = async (feeds: readonly NamedTensors[]): Promise<readonly NamedTensors[]> => {
    runs.push(feeds.length);
    return feeds;
  };
  const step = async (feeds: NamedTensors): Promise<NamedTensors> => (await steps([feeds]))[0]!;
  return { stepsAtOnce: 4, steps, step, load: nothing, read: async () => new Map(), release: nothing };
}

describe('steps in groups', () => {
  it('come in order, never beyond where the state is needed, and say when the state is theirs', async () => {
    const runs: number[] = [];
    const runner = makeStepRunner(echo(runs), feedsOf, (step) => (Math.floor(step / 10) + 1) * 10);
    const settled: number[] = [];
    for (let step = 3; step < 20; step++) {
      expect(numberIn(await runner.metricsOf(step))).toBe(step);
      if (runner.settled) settled.push(step);
    }
    expect(runs).toEqual([4, 3, 4, 4, 2]);
    expect(settled).toEqual([6, 9, 13, 17, 19]);
  });

  it('are single steps for a program that takes no more', async () => {
    const runs: number[] = [];
    const { load, step, read, release } = echo(runs);
    const single: CompiledProgram = { load, step, read, release };
    const runner = makeStepRunner(single, feedsOf, () => 10);
    for (let at = 0; at < 3; at++) {
      expect(numberIn(await runner.metricsOf(at))).toBe(at);
      expect(runner.settled).toBe(true);
    }
    expect(runs).toEqual([1, 1, 1]);
  });
});
