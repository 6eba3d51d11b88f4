import { ShapeError, UnfedInputError } from '../../domain/errors.js';
import type { Node } from '../../domain/tensor/op.js';
import { programOutputs, type Program } from '../../domain/tensor/program.js';
import { sameShape, shapeText, sizeOf, type NamedTensors, type Tensor } from '../../domain/tensor/tensor.js';
import type { YieldToEventLoop } from '../../ports/event-loop.js';
import type { CompiledProgram, TensorEngine } from '../../ports/tensor-engine.js';
import { createYieldingEvaluator } from './graph-evaluator.js';

/**
 * Plain loops in doubles, one node after the other: slow, obvious, and what the other engines are compared with.
 * Metrics and state are rounded to float32 once, at the end of a step.
 */
export function createReferenceEngine(yieldToEventLoop: YieldToEventLoop = nextTimer): TensorEngine {
  return {
    ...{ name: 'reference', device: 'cpu', tolerance: 2 ** -24 },
    compile: async (program) => compileProgram(program, yieldToEventLoop),
  };
}

/** Works on every platform, and takes a millisecond or more. */
const nextTimer: YieldToEventLoop = () => new Promise((resolve) => setTimeout(resolve, 0));

function compileProgram(program: Program, yieldToEventLoop: YieldToEventLoop): CompiledProgram {
  const evaluate = createYieldingEvaluator(programOutputs(program), yieldToEventLoop);
  let state = new Map<string, Tensor>();
  return {
    load: async (tensors) => {
      state = new Map(program.state.map(({ name, current }) => [name, copy(findTensor(tensors, name, current))]));
    },
    step: async (feeds) => {
      const fed = new Map([
        ...program.feeds.map((feed) => [feed.params.name, findTensor(feeds, feed.params.name, feed)] as const),
        ...program.state.map(({ name, current }) => [current.params.name, findTensor(state, name, current)] as const),
      ]);
      const results = await evaluate((input) => Float64Array.from(findTensor(fed, input.params.name, input).data));
      const tensors = programOutputs(program).map(({ shape }, i) => ({ shape, data: Float32Array.from(results[i]!) }));
      const metrics = tensors.slice(0, program.metrics.length);
      const next = tensors.slice(program.metrics.length);
      state = new Map(program.state.map(({ name }, i) => [name, next[i]!]));
      return new Map(program.metrics.map(({ name }, i) => [name, metrics[i]!]));
    },
    read: async () => new Map([...state].map(([name, tensor]) => [name, copy(tensor)])),
    release: async () => {
      state = new Map();
    },
  };
}

function findTensor(tensors: NamedTensors, name: string, { shape }: Node): Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new UnfedInputError(name);
  if (!sameShape(tensor.shape, shape) || tensor.data.length !== sizeOf(shape)) {
    throw new ShapeError(`the program's input "${name}"`, [tensor.shape], `${shapeText(shape)} and as many values`);
  }
  return tensor;
}

const copy = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.slice() });
