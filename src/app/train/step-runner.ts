import type { NamedTensors } from '../../domain/tensor/tensor.js';
import type { Batches } from '../../ports/batch-loader.js';
import type { CompiledProgram, MultiStepProgram } from '../../ports/tensor-engine.js';

/** Steps of a program, one after the other, computed in groups where the program likes that better. */
export interface StepRunner {
  /** The metrics of step `step`, from 0; each step is asked for once, in order. */
  metricsOf(step: number): Promise<NamedTensors>;
  /** Whether the program's state is the one after the last step asked for; otherwise it is ahead. */
  readonly isStateCurrent: boolean;
}

/** What the next steps are fed is made while a step runs; one more step's than is needed next, for a moment's delay. */
const MIN_PREFETCHED_STEPS = 2;

/**
 * @param end up to which step a group that begins at `step` may go, because something needs the state there
 * @param last steps there are; no feeds are asked for beyond
 */
export function createStepRunner(
  program: CompiledProgram,
  feeds: Batches,
  end: (step: number) => number,
  last: number,
): StepRunner {
  const ahead: NamedTensors[] = [];
  const run = async (step: number): Promise<readonly NamedTensors[]> => {
    const most = takesManySteps(program) ? program.stepsPerRun : 1;
    const after = step + Math.min(most, end(step) - step);
    const taken = stepRange(step, after).map((each) => feeds.next(each));
    for (const next of stepRange(after, Math.min(after + Math.max(most, MIN_PREFETCHED_STEPS), last)))
      feeds.prefetch(next);
    const given = await Promise.all(taken);
    return takesManySteps(program) ? program.steps(given) : [await program.step(given[0]!)];
  };
  return {
    async metricsOf(step) {
      if (ahead.length === 0) ahead.push(...(await run(step)));
      return ahead.shift()!;
    },
    get isStateCurrent() {
      return ahead.length === 0;
    },
  };
}

/** `first` to before `end` */
const stepRange = (first: number, end: number): readonly number[] =>
  Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);

const takesManySteps = (program: CompiledProgram): program is MultiStepProgram => 'stepsPerRun' in program;
