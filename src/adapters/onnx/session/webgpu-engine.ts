import { UnavailableDeviceError } from '../../../domain/errors.js';
import type { Program } from '../../../domain/tensor/program.js';
import type { NamedTensors } from '../../../domain/tensor/tensor.js';
import type { DeviceProbe } from '../../../ports/device-probe.js';
import type { CompiledProgram, TensorEngine } from '../../../ports/tensor-engine.js';
import { checkedFeed, copyTensor } from '../../../domain/tensor/feeds.js';
import { createRuleLowering, lowerProgram, nextStateName } from '../lowering/lowering.js';
import { encodeModel } from '../model/model-file.js';
import { webgpuLoweringRules } from '../lowering/webgpu/webgpu-rules.js';
import { openWebgpuSession, type OpenWebgpuSession, type DeviceTensor, type WebgpuSession } from './webgpu-session.js';

/**
 * Opens the engine on a GPU of any maker. It first tries the device in a child process, since the library prints on
 * stderr.
 * @throws UnavailableDeviceError when no GPU works
 */
export async function openWebgpuEngine(probe: DeviceProbe): Promise<TensorEngine> {
  const trial = await probe.attempt('webgpu');
  if (trial.works) return createWebgpuEngine();
  throw new UnavailableDeviceError(
    `onnxruntime's device "webgpu" does not work on this machine: ${trial.reason}; use --device cpu`,
  );
}

/** The onnxruntime engine with the state in the GPU's memory from step to step. Only `read` copies it out. */
export function createWebgpuEngine(open: OpenWebgpuSession = openWebgpuSession): TensorEngine {
  return {
    name: 'onnxruntime',
    device: 'webgpu',
    tolerance: 1e-5,
    async compile(program) {
      const stateOutputs = new Set(program.state.map((slot) => nextStateName(slot.name)));
      const model = encodeModel(lowerProgram(program, createRuleLowering(webgpuLoweringRules)));
      return new DeviceStateProgram(program, await open(model, stateOutputs), open);
    },
  };
}

class DeviceStateProgram implements CompiledProgram {
  /** State that is not on the device yet. */
  #hostState: NamedTensors = new Map();
  #deviceState: ReadonlyMap<string, DeviceTensor> = new Map();
  /** Copies the state out. Opened by the first `read`. */
  #reader: WebgpuSession | undefined;

  constructor(
    private readonly program: Program,
    private readonly session: WebgpuSession,
    private readonly open: OpenWebgpuSession,
  ) {}

  async load(initial: NamedTensors): Promise<void> {
    const state = this.program.state.map(
      ({ name, current }) => [name, copyTensor(checkedFeed(current, initial))] as const,
    );
    this.#dispose();
    this.#hostState = new Map(state);
  }

  async step(feeds: NamedTensors): Promise<NamedTensors> {
    const inputs = this.program.feeds.map((feed) => [feed.params.name, checkedFeed(feed, feeds)] as const);
    for (const { name, current } of this.program.state)
      if (!this.#deviceState.has(name)) checkedFeed(current, this.#hostState);
    const { hostOutputs, deviceOutputs } = await this.session.run(
      new Map([...this.#hostState, ...inputs]),
      this.#deviceState,
    );
    this.#dispose();
    this.#hostState = new Map();
    this.#deviceState = new Map(this.program.state.map(({ name }) => [name, deviceOutputs.get(nextStateName(name))!]));
    return new Map(this.program.metrics.map(({ name }) => [name, hostOutputs.get(name)!]));
  }

  async read(): Promise<NamedTensors> {
    if (this.#deviceState.size === 0)
      return new Map([...this.#hostState].map(([name, tensor]) => [name, copyTensor(tensor)]));
    // Reading a device tensor directly makes the library end the process, so a model that returns its inputs copies it.
    this.#reader ??= await this.open(encodeModel(lowerProgram(stateReaderProgram(this.program))), new Set());
    const { hostOutputs } = await this.#reader.run(new Map(), this.#deviceState);
    return new Map(this.program.state.map(({ name }) => [name, hostOutputs.get(stateOutputName(name))!]));
  }

  async release(): Promise<void> {
    this.#dispose();
    await this.#reader?.release();
    await this.session.release();
  }

  #dispose(): void {
    for (const tensor of this.#deviceState.values()) tensor.dispose();
    this.#deviceState = new Map();
  }
}

const stateOutputName = (state: string): string => `out.${state}`;

/** A program that returns its feeds, which are the state of the given one. */
const stateReaderProgram = ({ name, state }: Program): Program => ({
  name: `state of ${name}`,
  feeds: state.map(({ current }) => current),
  state: [],
  metrics: state.map(({ name, current }) => ({ name: stateOutputName(name), node: current })),
});
