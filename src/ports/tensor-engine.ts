import type { Program } from '../domain/tensor/program.js';
import type { NamedTensors } from '../domain/tensor/tensor.js';

/** A program made ready to run, with its state. */
export interface CompiledProgram {
  /** Replaces the whole state. Must be called before the first step when the program has state. */
  load(state: NamedTensors): Promise<void>;
  /** Runs the program once, keeps the next state, and returns the metrics. */
  step(feeds: NamedTensors): Promise<NamedTensors>;
  /** A copy of the state. */
  read(): Promise<NamedTensors>;
  /** Frees what the program holds. No other method may be called afterwards. */
  release(): Promise<void>;
}

/**
 * A program that runs several steps at little more than the cost of one, since each run transfers the state to a device
 * and back.
 *
 * Promise, tested with the contract: `steps` gives the metrics, and leaves the state, of as many times `step`.
 */
export interface MultiStepProgram extends CompiledProgram {
  /** How many steps are worth taking at once, 2 or more. */
  readonly stepsPerRun: number;
  steps(feeds: readonly NamedTensors[]): Promise<readonly NamedTensors[]>;
}

/**
 * Runs tensor programs on some device.
 *
 * Promises, one test each in test/contracts/tensor-engine.contract.ts:
 * - Every operation gives the values of its definition, to within `tolerance`.
 * - State stays between steps: n steps equal n times one step with the state carried by hand.
 * - Equal state and feeds give equal bytes.
 * - Feeds and loaded tensors are left as they were, and later changes to them change nothing.
 * - `read` gives a copy.
 * - A feed or state tensor that is missing rejects with UnfedInputError, which names it; one of another shape with
 *   ShapeError.
 */
export interface TensorEngine {
  /** `onnxruntime`, `reference`, ... */
  readonly name: string;
  /** `cpu`, `cuda`, ... */
  readonly device: string;
  /**
   * Largest error a caller must accept, relative to the largest value of a result; numbers under 2^-126 may become 0.
   */
  readonly tolerance: number;
  compile(program: Program): Promise<CompiledProgram>;
}
