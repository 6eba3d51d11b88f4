import { checkedFeed, copyTensor } from '../../domain/tensor/feeds.js';
import { programOutputs, type Program } from '../../domain/tensor/program.js';
import type { Tensor } from '../../domain/tensor/tensor.js';
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
      state = new Map(
        program.state.map(({ current }) => [current.params.name, copyTensor(checkedFeed(current, tensors))]),
      );
    },
    step: async (feeds) => {
      const fed = new Map([
        ...program.feeds.map((feed) => [feed.params.name, checkedFeed(feed, feeds)] as const),
        ...program.state.map(({ current }) => [current.params.name, checkedFeed(current, state)] as const),
      ]);
      const results = await evaluate((input) => Float64Array.from(checkedFeed(input, fed).data));
      const tensors = programOutputs(program).map(({ shape }, i) => ({ shape, data: Float32Array.from(results[i]!) }));
      const metrics = tensors.slice(0, program.metrics.length);
      const next = tensors.slice(program.metrics.length);
      state = new Map(program.state.map(({ name }, i) => [name, next[i]!]));
      return new Map(program.metrics.map(({ name }, i) => [name, metrics[i]!]));
    },
    read: async () => new Map([...state].map(([name, tensor]) => [name, copyTensor(tensor)])),
    release: async () => {
      state = new Map();
    },
  };
}
