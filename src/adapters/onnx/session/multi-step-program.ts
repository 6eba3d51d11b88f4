import type { Node } from '../../../domain/tensor/op.js';
import type { Program } from '../../../domain/tensor/program.js';
import { sizeOf, type NamedTensors, type Tensor } from '../../../domain/tensor/tensor.js';
import type { MultiStepProgram } from '../../../ports/tensor-engine.js';
import { finalStateName, initialStateName, stackedFeedName, stackedMetricName } from '../lowering/loop-lowering.js';
import { checkedFeed, copyTensor } from '../../../domain/tensor/feeds.js';
import type { OrtSession } from './ort-session.js';

/**
 * The most steps in one run. With 16, copying the state is a small part of the time. More would delay the metrics and
 * stack more feeds in memory.
 */
const STEPS_PER_RUN = 16;

/**
 * A program for a device that copies inputs and outputs at every run, as onnxruntime's cuda does. Several steps are one
 * run of the graph of `lowerMultiStep`, so the state crosses the bus once for all of them. NOT RUN ON A GPU yet: tested
 * with a fake session that runs the graph on the cpu.
 */
export function createMultiStepProgram(program: Program, session: OrtSession): MultiStepProgram {
  let state: NamedTensors = new Map();
  const steps = async (feeds: readonly NamedTensors[]): Promise<readonly NamedTensors[]> => {
    if (feeds.length === 0) return [];
    const inputs = new Map<string, Tensor>();
    for (const feed of program.feeds)
      inputs.set(stackedFeedName(feed.params.name), stack(feeds.map((each) => checkedFeed(feed, each))));
    for (const { name, current } of program.state) inputs.set(initialStateName(name), checkedFeed(current, state));
    const results = await session.run(inputs);
    state = new Map(program.state.map(({ name }) => [name, results.get(finalStateName(name))!]));
    return feeds.map(
      (_, step) =>
        new Map(
          program.metrics.map(({ name, node }) => [name, sliceStep(results.get(stackedMetricName(name))!, node, step)]),
        ),
    );
  };
  return {
    stepsPerRun: STEPS_PER_RUN,
    async load(initial) {
      state = new Map(program.state.map(({ name, current }) => [name, copyTensor(checkedFeed(current, initial))]));
    },
    steps,
    step: async (feeds) => (await steps([feeds]))[0]!,
    read: async () => new Map([...state].map(([name, tensor]) => [name, copyTensor(tensor)])),
    release: () => session.release(),
  };
}

function stack(tensors: readonly Tensor[]): Tensor {
  const [{ shape }] = tensors as [Tensor];
  const size = sizeOf(shape);
  const data = new Float32Array(tensors.length * size);
  tensors.forEach((tensor, i) => data.set(tensor.data, i * size));
  return { shape: [tensors.length, ...shape], data };
}

function sliceStep({ data }: Tensor, { shape }: Node, step: number): Tensor {
  const size = sizeOf(shape);
  return { shape, data: data.slice(step * size, (step + 1) * size) };
}
