import { ShapeError, UnfedInputError } from '../../../domain/errors.js';
import type { Node } from '../../../domain/tensor/op.js';
import type { Program } from '../../../domain/tensor/program.js';
import { sameShape, shapeText, sizeOf, type NamedTensors, type Tensor } from '../../../domain/tensor/tensor.js';
import type { MultiStepProgram } from '../../../ports/tensor-engine.js';
import { finalStateName, initialStateName, stackedFeedName, stackedMetricName } from '../lowering/loop-lowering.js';
import type { OrtSession } from './ort-session.js';

/** With more the metrics come late and the stacked feeds take memory; the state's way is a small part of the time by then. */
const STEPS_PER_RUN = 16;

/**
 * A program on a device that copies its inputs and outputs at every run, as onnxruntime's cuda does: several steps are one
 * run of the graph of `lowerMultiStep`, so that the state crosses the bus once for all of them. NOT RUN ON A GPU yet: tested
 * with a fake session, and its graph on the cpu.
 */
export function createMultiStepProgram(program: Program, session: OrtSession): MultiStepProgram {
  let state: NamedTensors = new Map();
  const steps = async (feeds: readonly NamedTensors[]): Promise<readonly NamedTensors[]> => {
    if (feeds.length === 0) return [];
    const given = new Map<string, Tensor>();
    for (const feed of program.feeds)
      given.set(stackedFeedName(feed.params.name), stack(feeds.map((each) => checkedFeed(feed, each))));
    for (const { name, current } of program.state) given.set(initialStateName(name), checkedFeed(current, state));
    const results = await session.run(given);
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
    async load(given) {
      state = new Map(program.state.map(({ name, current }) => [name, copy(checkedFeed(current, given))]));
    },
    steps,
    step: async (feeds) => (await steps([feeds]))[0]!,
    read: async () => new Map([...state].map(([name, tensor]) => [name, copy(tensor)])),
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

function checkedFeed(input: Node<'input'>, feeds: NamedTensors): Tensor {
  const { name, shape } = input.params;
  const tensor = feeds.get(name);
  if (tensor === undefined) throw new UnfedInputError(name);
  if (!sameShape(tensor.shape, shape)) {
    throw new ShapeError(`the program's input "${name}"`, [tensor.shape], shapeText(shape));
  }
  return tensor;
}

const copy = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.slice() });
