import { ShapeError, UnfedInputError } from '../../../domain/errors.js';
import { add, input } from '../../../domain/tensor/node-builders.js';
import type { Node } from '../../../domain/tensor/op.js';
import type { Program } from '../../../domain/tensor/program.js';
import { sameShape, type NamedTensors, type Tensor } from '../../../domain/tensor/tensor.js';
import type { CompiledProgram, TensorEngine } from '../../../ports/tensor-engine.js';
import { BLOCKED_DOMAIN } from '../lowering/cpu/blocked-ops.js';
import { cpuLowering } from './block-size.js';
import { lowerProgram, nextStateName } from '../lowering/lowering.js';
import { lowerMultiStep } from '../lowering/loop-lowering.js';
import { createMultiStepProgram } from './multi-step-program.js';
import { encodeModel } from '../model/model-file.js';
import { chooseDevice, hasCudaLibrary } from './device-choice.js';
import { scheduleUpdatesEarly } from '../lowering/update-scheduling.js';
import type { OnnxGraph } from '../wire/onnx-graph.js';
import { openWebgpuEngine } from './webgpu-engine.js';
import { findInPlaceUpdates } from '../lowering/in-place-updates.js';
import { openWithFoldedConstants } from './constant-folding.js';
import { stripShapes } from '../lowering/strip-shapes.js';
import { openOrtSession, type OpenOrtSession, type OrtSession, type OrtSessionOptions } from './ort-session.js';

const DOMAINS = { [BLOCKED_DOMAIN]: 1 };

/** The whole program becomes one ONNX model, which onnxruntime runs natively. */
export function createOnnxruntimeEngine(
  options: OrtSessionOptions,
  open: OpenOrtSession = openOrtSession,
): TensorEngine {
  return {
    name: 'onnxruntime',
    device: options.device,
    tolerance: 1e-5,
    async compile(program) {
      // cuda copies inputs and outputs at every run: several steps in one make up for it.
      if (options.device === 'cuda' && program.state.length > 0 && program.feeds.length > 0) {
        return createMultiStepProgram(program, await open(encodeModel(lowerMultiStep(program)), options));
      }
      if (options.device !== 'cpu')
        return createStatefulProgram(program, await openWithoutShapes(lowerProgram(program), open, options));
      const graph = lowerProgram(program, await cpuLowering());
      if (hasConstantWeights(graph))
        return createStatefulProgram(
          program,
          await openWithFoldedConstants(graph, open, { ...options, enableMemPattern: false }),
        );
      // Written for the processor already: to be looked through would take longer than all else that opening it takes.
      const early = scheduleUpdatesEarly(graph, program);
      return createStatefulProgram(program, await openWithoutShapes(early, open, { ...options, optimize: false }));
    },
  };
}

const openWithoutShapes = (graph: OnnxGraph, open: OpenOrtSession, options: OrtSessionOptions): Promise<OrtSession> =>
  open(encodeModel(stripShapes(graph), { domains: DOMAINS }), { ...options, enableMemPattern: false });

/** Whether filters are made of weights that never change, as where a noise is searched for: that is done once. In a training step weights are state. */
const hasConstantWeights = ({ initializers }: OnnxGraph): boolean =>
  initializers.some(({ data }) => data.byteLength > MAX_TABLE_BYTES);

/** Bytes of a constant that is no layer's weights: kernels that slide each channel, notes of a vocabulary. */
const MAX_TABLE_BYTES = 2 ** 18;

/**
 * The engine on a device of its users' choice; `auto` is cuda where that works, webgpu is a GPU of any maker.
 * @throws UnavailableDeviceError for a device that was asked for by name and cannot be had
 */
export async function openOnnxruntimeEngine(
  options: OrtSessionOptions,
  open: OpenOrtSession = openOrtSession,
  hasCuda: () => boolean = hasCudaLibrary,
): Promise<{ readonly engine: TensorEngine; readonly notice: string }> {
  if (options.device === 'webgpu') return { engine: await openWebgpuEngine(), notice: '' };
  const { device, notice } = await chooseDevice(
    { device: options.device, others: ['webgpu'] },
    hasCuda,
    async (candidate) => {
      const trial = await createOnnxruntimeEngine({ ...options, device: candidate }, open).compile(TRIAL_PROGRAM);
      await trial.release();
    },
  );
  return { engine: createOnnxruntimeEngine({ ...options, device }, open), notice };
}

/** Something small that shows whether a device works. */
const TRIAL_PROGRAM: Program = (() => {
  const x = input('x', [1]);
  return { name: 'trial', feeds: [x], state: [], metrics: [{ name: 'y', node: add(x, x) }] };
})();

function createStatefulProgram(program: Program, session: OrtSession): CompiledProgram {
  const slots = program.state.map((slot) => slot.current);
  const inPlace = findInPlaceUpdates(program);
  let state: NamedTensors = new Map();
  /** Where the next state is written: over the state itself where that does no harm. */
  let next: NamedTensors = new Map();
  return {
    async load(given) {
      state = new Map(slots.map((slot) => [slot.params.name, copy(checkedFeed(slot, given))]));
      next = new Map([...state].map(([name, tensor]) => [name, inPlace.has(name) ? tensor : zerosLike(tensor)]));
    },
    async step(feeds) {
      const given = new Map(program.feeds.map((feed) => [feed.params.name, checkedFeed(feed, feeds)]));
      for (const slot of slots) given.set(slot.params.name, checkedFeed(slot, state));
      const results = await session.run(given, {
        into: new Map([...next].map(([name, tensor]) => [nextStateName(name), tensor])),
      });
      [state, next] = [next, state];
      return new Map(program.metrics.map(({ name }) => [name, results.get(name)!]));
    },
    read: async () => new Map([...state].map(([name, tensor]) => [name, copy(tensor)])),
    release: () => session.release(),
  };
}

function checkedFeed(input: Node<'input'>, feeds: NamedTensors): Tensor {
  const { name, shape } = input.params;
  const tensor = feeds.get(name);
  if (tensor === undefined) throw new UnfedInputError(name);
  if (!sameShape(tensor.shape, shape))
    throw new ShapeError(`the feed of "${name}"`, [tensor.shape], `[${shape.join(', ')}]`);
  return tensor;
}

const zerosLike = ({ shape, data }: Tensor): Tensor => ({ shape, data: new Float32Array(data.length) });

const copy = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.slice() });
