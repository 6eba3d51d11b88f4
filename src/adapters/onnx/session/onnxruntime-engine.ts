import { add, input } from '../../../domain/tensor/node-builders.js';
import type { Program } from '../../../domain/tensor/program.js';
import type { NamedTensors, Tensor } from '../../../domain/tensor/tensor.js';
import type { DeviceProbe } from '../../../ports/device-probe.js';
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
import { checkedFeed, copyTensor } from '../../../domain/tensor/feeds.js';
import { openWithFoldedConstants } from './constant-folding.js';
import { stripShapes } from '../lowering/strip-shapes.js';
import { openOrtSession, type OpenOrtSession, type OrtSession, type OrtSessionOptions } from './ort-session.js';

const DOMAINS = { [BLOCKED_DOMAIN]: 1 };

/** The engine on onnxruntime. A whole program becomes one ONNX model. */
export function createOnnxruntimeEngine(
  options: OrtSessionOptions,
  open: OpenOrtSession = openOrtSession,
): TensorEngine {
  return {
    name: 'onnxruntime',
    device: options.device,
    tolerance: 1e-5,
    async compile(program) {
      // cuda copies inputs and outputs at every run, so several steps share a run.
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
      // The graph is already written for the processor. Optimizing it would take most of the time of opening it.
      const scheduled = scheduleUpdatesEarly(graph, program);
      return createStatefulProgram(program, await openWithoutShapes(scheduled, open, { ...options, optimize: false }));
    },
  };
}

const openWithoutShapes = (graph: OnnxGraph, open: OpenOrtSession, options: OrtSessionOptions): Promise<OrtSession> =>
  open(encodeModel(stripShapes(graph), { domains: DOMAINS }), { ...options, enableMemPattern: false });

/**
 * Whether layers have constant weights, as in the noise search, so that filters are packed once. In training, weights
 * are state.
 */
const hasConstantWeights = ({ initializers }: OnnxGraph): boolean =>
  initializers.some(({ data }) => data.byteLength > MAX_TABLE_BYTES);

/** Bytes of the largest constant that is not a layer's weights, such as depthwise kernels or a vocabulary. */
const MAX_TABLE_BYTES = 2 ** 18;

/**
 * Opens the engine on a device. `auto` is cuda where that works, else cpu; webgpu is a GPU of any maker.
 * @throws UnavailableDeviceError for a device that was chosen by name and does not work
 */
export async function openOnnxruntimeEngine(
  options: OrtSessionOptions,
  probe: DeviceProbe,
  open: OpenOrtSession = openOrtSession,
  hasCuda: () => boolean = hasCudaLibrary,
): Promise<{ readonly engine: TensorEngine; readonly notice: string }> {
  if (options.device === 'webgpu') return { engine: await openWebgpuEngine(probe), notice: '' };
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

/** A small program that shows whether a device works. */
const TRIAL_PROGRAM: Program = (() => {
  const x = input('x', [1]);
  return { name: 'trial', feeds: [x], state: [], metrics: [{ name: 'y', node: add(x, x) }] };
})();

function createStatefulProgram(program: Program, session: OrtSession): CompiledProgram {
  const slots = program.state.map((slot) => slot.current);
  const inPlace = findInPlaceUpdates(program);
  let state: NamedTensors = new Map();
  /** The tensors that the next state is written into: those of the state itself where it may be overwritten. */
  let next: NamedTensors = new Map();
  return {
    async load(initial) {
      state = new Map(slots.map((slot) => [slot.params.name, copyTensor(checkedFeed(slot, initial))]));
      next = new Map([...state].map(([name, tensor]) => [name, inPlace.has(name) ? tensor : zerosLike(tensor)]));
    },
    async step(feeds) {
      const inputs = new Map(program.feeds.map((feed) => [feed.params.name, checkedFeed(feed, feeds)]));
      for (const slot of slots) inputs.set(slot.params.name, checkedFeed(slot, state));
      const results = await session.run(inputs, {
        into: new Map([...next].map(([name, tensor]) => [nextStateName(name), tensor])),
      });
      [state, next] = [next, state];
      return new Map(program.metrics.map(({ name }) => [name, results.get(name)!]));
    },
    read: async () => new Map([...state].map(([name, tensor]) => [name, copyTensor(tensor)])),
    release: () => session.release(),
  };
}

const zerosLike = ({ shape, data }: Tensor): Tensor => ({ shape, data: new Float32Array(data.length) });
