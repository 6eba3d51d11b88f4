import type { NamedTensors } from '../domain/tensor/tensor.js';
import type { CompiledProgram, SteppingProgram } from '../ports/tensor-engine.js';

/** Steps of a program, one after the other, computed in groups where the program likes that better. */
export interface StepRunner {
  /** The metrics of step `step`, from 0; each step is asked for once, in order. */
  metricsOf(step: number): Promise<NamedTensors>;
  /** Whether the program's state is the one after the last step asked for; otherwise it is ahead. */
  readonly settled: boolean;
}

/** `end`: up to which step a group that begins at `step` may go, because something needs the state there. */
export function makeStepRunner(
  program: CompiledProgram,
  feedsOf: (step: number) => NamedTensors,
  end: (step: number) => number,
): StepRunner {
  const ahead: NamedTensors[] = [];
  return {
    async metricsOf(step) {
      if (!takesManySteps(program)) return program.step(feedsOf(step));
      if (ahead.length === 0) {
        const count = Math.min(program.stepsAtOnce, end(step) - step);
        ahead.push(...(await program.steps(Array.from({ length: count }, (_, i) => feedsOf(step + i)))));
      }
      return ahead.shift()!;
    },
    get settled() {
      return ahead.length === 0;
    },
  };
}

const takesManySteps = (program: CompiledProgram): program is SteppingProgram => 'stepsAtOnce' in program;
