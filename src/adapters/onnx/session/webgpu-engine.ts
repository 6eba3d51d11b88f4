import { ShapeError, UnavailableDeviceError, UnfedInputError } from '../../../domain/errors.js';
import type { Node } from '../../../domain/tensor/op.js';
import type { Program } from '../../../domain/tensor/program.js';
import { sameShape, shapeText, type NamedTensors, type Tensor } from '../../../domain/tensor/tensor.js';
import type { DeviceProbe } from '../../../ports/device-probe.js';
import type { CompiledProgram, TensorEngine } from '../../../ports/tensor-engine.js';
import { onnxruntimeDeviceProbe } from './device-probe.js';
import { byRules, lowerProgram, nextName } from '../lowering/lowering.js';
import { encodeModel } from '../model/model-file.js';
import { webgpuLowerings } from '../lowering/webgpu/webgpu-rules.js';
import { openWebgpuSession, type OpenResidentSession, type Resident, type ResidentSession } from './webgpu-session.js';

/**
 * The engine on a GPU of any maker.
 * @throws UnavailableDeviceError when there is none that works. It is tried in another process first: the library prints
 *   its reasons on stderr.
 */
export async function openWebgpuEngine(probe: DeviceProbe = onnxruntimeDeviceProbe()): Promise<TensorEngine> {
  const trial = await probe.attempt('webgpu');
  if (trial.works) return makeWebgpuEngine();
  throw new UnavailableDeviceError(
    `onnxruntime's device "webgpu" does not work on this machine: ${trial.reason}; use --device cpu`,
  );
}

/** As the onnxruntime engine, with the state in the GPU's memory from step to step. It is copied out only by `read`. */
export function makeWebgpuEngine(open: OpenResidentSession = openWebgpuSession): TensorEngine {
  return {
    name: 'onnxruntime',
    device: 'webgpu',
    tolerance: 1e-5,
    async compile(program) {
      const staying = new Set(program.state.map((slot) => nextName(slot.name)));
      const model = encodeModel(lowerProgram(program, byRules(webgpuLowerings)));
      return new ResidentProgram(program, await open(model, staying), open);
    },
  };
}

class ResidentProgram implements CompiledProgram {
  /** State that has not gone to the device yet. */
  #given: NamedTensors = new Map();
  #resident: ReadonlyMap<string, Resident> = new Map();
  /** Copies the state out; opened when it is first wanted. */
  #reader: ResidentSession | undefined;

  constructor(
    private readonly program: Program,
    private readonly session: ResidentSession,
    private readonly open: OpenResidentSession,
  ) {}

  async load(given: NamedTensors): Promise<void> {
    const found = this.program.state.map(({ name, current }) => [name, copy(fed(current, given))] as const);
    this.#dispose();
    this.#given = new Map(found);
  }

  async step(feeds: NamedTensors): Promise<NamedTensors> {
    const given = this.program.feeds.map((feed) => [feed.params.name, fed(feed, feeds)] as const);
    for (const { name, current } of this.program.state) if (!this.#resident.has(name)) fed(current, this.#given);
    const { here, there } = await this.session.run(new Map([...this.#given, ...given]), this.#resident);
    this.#dispose();
    this.#given = new Map();
    this.#resident = new Map(this.program.state.map(({ name }) => [name, there.get(nextName(name))!]));
    return new Map(this.program.metrics.map(({ name }) => [name, here.get(name)!]));
  }

  async read(): Promise<NamedTensors> {
    if (this.#resident.size === 0) return new Map([...this.#given].map(([name, tensor]) => [name, copy(tensor)]));
    // A tensor on the device cannot be read as it is: the library ends the process. What a model gives back can.
    this.#reader ??= await this.open(encodeModel(lowerProgram(copyOut(this.program))), new Set());
    const { here } = await this.#reader.run(new Map(), this.#resident);
    return new Map(this.program.state.map(({ name }) => [name, here.get(outName(name))!]));
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

const outName = (state: string): string => `out.${state}`;

/** The program that gives back what it is fed: a program's state. */
const copyOut = ({ name, state }: Program): Program => ({
  name: `state of ${name}`,
  feeds: state.map(({ current }) => current),
  state: [],
  metrics: state.map(({ name, current }) => ({ name: outName(name), node: current })),
});

function fed(input: Node<'input'>, feeds: NamedTensors): Tensor {
  const { name, shape } = input.params;
  const tensor = feeds.get(name);
  if (tensor === undefined) throw new UnfedInputError(name);
  if (!sameShape(tensor.shape, shape)) {
    throw new ShapeError(`the program's input "${name}"`, [tensor.shape], shapeText(shape));
  }
  return tensor;
}

const copy = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.slice() });
