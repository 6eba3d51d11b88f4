import { ShapeError, UnavailableDeviceError, UnfedInputError } from '../../../domain/errors.js';
import type { Node } from '../../../domain/tensor/op.js';
import type { Program } from '../../../domain/tensor/program.js';
import { sameShape, shapeText, type NamedTensors, type Tensor } from '../../../domain/tensor/tensor.js';
import type { DeviceProbe } from '../../../ports/device-probe.js';
import type { CompiledProgram, TensorEngine } from '../../../ports/tensor-engine.js';
import { onnxruntimeDeviceProbe } from './device-probe.js';
import { createRuleLowering, lowerProgram, nextStateName } from '../lowering/lowering.js';
import { encodeModel } from '../model/model-file.js';
import { webgpuLoweringRules } from '../lowering/webgpu/webgpu-rules.js';
import { openWebgpuSession, type OpenWebgpuSession, type DeviceTensor, type WebgpuSession } from './webgpu-session.js';

/**
 * The engine on a GPU of any maker.
 * @throws UnavailableDeviceError when there is none that works. It is tried in another process first: the library prints
 *   its reasons on stderr.
 */
export async function openWebgpuEngine(probe: DeviceProbe = onnxruntimeDeviceProbe()): Promise<TensorEngine> {
  const trial = await probe.attempt('webgpu');
  if (trial.works) return createWebgpuEngine();
  throw new UnavailableDeviceError(
    `onnxruntime's device "webgpu" does not work on this machine: ${trial.reason}; use --device cpu`,
  );
}

/** As the onnxruntime engine, with the state in the GPU's memory from step to step. It is copied out only by `read`. */
export function createWebgpuEngine(open: OpenWebgpuSession = openWebgpuSession): TensorEngine {
  return {
    name: 'onnxruntime',
    device: 'webgpu',
    tolerance: 1e-5,
    async compile(program) {
      const staying = new Set(program.state.map((slot) => nextStateName(slot.name)));
      const model = encodeModel(lowerProgram(program, createRuleLowering(webgpuLoweringRules)));
      return new ResidentProgram(program, await open(model, staying), open);
    },
  };
}

class ResidentProgram implements CompiledProgram {
  /** State that has not gone to the device yet. */
  #given: NamedTensors = new Map();
  #resident: ReadonlyMap<string, DeviceTensor> = new Map();
  /** Copies the state out; opened when it is first wanted. */
  #reader: WebgpuSession | undefined;

  constructor(
    private readonly program: Program,
    private readonly session: WebgpuSession,
    private readonly open: OpenWebgpuSession,
  ) {}

  async load(given: NamedTensors): Promise<void> {
    const found = this.program.state.map(({ name, current }) => [name, copy(checkedFeed(current, given))] as const);
    this.#dispose();
    this.#given = new Map(found);
  }

  async step(feeds: NamedTensors): Promise<NamedTensors> {
    const given = this.program.feeds.map((feed) => [feed.params.name, checkedFeed(feed, feeds)] as const);
    for (const { name, current } of this.program.state)
      if (!this.#resident.has(name)) checkedFeed(current, this.#given);
    const { hostOutputs, deviceOutputs } = await this.session.run(new Map([...this.#given, ...given]), this.#resident);
    this.#dispose();
    this.#given = new Map();
    this.#resident = new Map(this.program.state.map(({ name }) => [name, deviceOutputs.get(nextStateName(name))!]));
    return new Map(this.program.metrics.map(({ name }) => [name, hostOutputs.get(name)!]));
  }

  async read(): Promise<NamedTensors> {
    if (this.#resident.size === 0) return new Map([...this.#given].map(([name, tensor]) => [name, copy(tensor)]));
    // A tensor on the device cannot be read as it is: the library ends the process. What a model gives back can.
    this.#reader ??= await this.open(encodeModel(lowerProgram(stateReaderProgram(this.program))), new Set());
    const { hostOutputs } = await this.#reader.run(new Map(), this.#resident);
    return new Map(this.program.state.map(({ name }) => [name, hostOutputs.get(stateOutputName(name))!]));
  }

  async release(): Promise<void> {
    this.#dispose();
    await this.#reader?.release();
    await this.session.release();
  }

  #dispose(): void {
    for (const tensor of this.#resident.values()) tensor.dispose();
    this.#resident = new Map();
  }
}

const stateOutputName = (state: string): string => `out.${state}`;

/** The program that gives back what it is fed: a program's state. */
const stateReaderProgram = ({ name, state }: Program): Program => ({
  name: `state of ${name}`,
  feeds: state.map(({ current }) => current),
  state: [],
  metrics: state.map(({ name, current }) => ({ name: stateOutputName(name), node: current })),
});

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
