import type { NamedTensors } from '../../domain/tensor/tensor.js';
import type { Batches } from '../../ports/batch-loader.js';
import type { CompiledProgram, MultiStepProgram } from '../../ports/tensor-engine.js';

/** Runs the steps of a program in order, and several at once if the program can do that. */
interface StepRunner {
  /** The metrics of step `step`, counted from 0. Ask for each step once, in order. */
  metricsOf(step: number): Promise<NamedTensors>;
  /** Whether the program's state is the one after the last step asked for; otherwise it is some steps ahead. */
  readonly isStateCurrent: boolean;
}

/** Two, not one: while a step runs, the batch of the step after the next is loaded too, in case a load takes longer. */
const MIN_PREFETCHED_STEPS = 2;

/**
 * @param groupEnd gives the step at which a group that starts at `step` must end, because the state is needed there
 * @param lastStep number of steps in all; no batch is loaded beyond it
 */
export function createStepRunner(
  program: CompiledProgram,
  batches: Batches,
  groupEnd: (step: number) => number,
  lastStep: number,
): StepRunner {
  /** Metrics of steps that have run but were not asked for yet. */
  const pendingMetrics: NamedTensors[] = [];
  const maxGroup = hasMultipleSteps(program) ? program.stepsPerRun : 1;
  const runGroup = async (start: number): Promise<readonly NamedTensors[]> => {
    const end = start + Math.min(maxGroup, groupEnd(start) - start);
    const loaded = stepRange(start, end).map((step) => batches.next(step));
    const prefetchEnd = Math.min(end + Math.max(maxGroup, MIN_PREFETCHED_STEPS), lastStep);
    for (const step of stepRange(end, prefetchEnd)) batches.prefetch(step);
    const feeds = await Promise.all(loaded);
    return hasMultipleSteps(program) ? program.steps(feeds) : [await program.step(feeds[0]!)];
  };
  return {
    async metricsOf(step) {
      if (pendingMetrics.length === 0) pendingMetrics.push(...(await runGroup(step)));
      return pendingMetrics.shift()!;
    },
    get isStateCurrent() {
      return pendingMetrics.length === 0;
    },
  };
}

/** The numbers from `start` to `end` - 1. */
const stepRange = (start: number, end: number): readonly number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);

const hasMultipleSteps = (program: CompiledProgram): program is MultiStepProgram => 'stepsPerRun' in program;
