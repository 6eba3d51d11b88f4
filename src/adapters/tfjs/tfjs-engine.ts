import type { Tensor as TfTensor } from '@tensorflow/tfjs-core';
import { UnavailableDeviceError, UnfedInputError, EngineError } from '../../domain/errors.js';
import { checkedFeed } from '../../domain/tensor/feeds.js';
import type { Node } from '../../domain/tensor/op.js';
import { programOutputs, type Program } from '../../domain/tensor/program.js';
import type { NamedTensors, Shape, Tensor } from '../../domain/tensor/tensor.js';
import type { CompiledProgram, TensorEngine } from '../../ports/tensor-engine.js';
import type { Backend } from './kernel.js';
import { createExecutionPlan, type ExecutionPlan } from './execution-plan.js';
import { DEVICE_PACKAGES, findTfjs, loadTfjs, TFJS_DEVICES, type Tfjs, type TfjsDevice } from './tfjs-library.js';

interface TfjsOptions {
  /** `auto` is the first of gpu, cpu, wasm and js that is installed and works. */
  readonly device: string;
  /** Threads of the native backends; the others have one. */
  readonly threads: number;
}

/**
 * The engine on a device of its users' choice.
 * @throws UnavailableDeviceError for a device that there is not, or not here
 */
export async function openTfjsEngine(
  options: TfjsOptions,
): Promise<{ readonly engine: TensorEngine; readonly notice: string }> {
  const { device, threads } = options;
  if (device !== 'auto') {
    if (!isDevice(device)) {
      throw new UnavailableDeviceError(`tfjs has no device "${device}"; use auto, ${TFJS_DEVICES.join(', ')}`);
    }
    return { engine: createTfjsEngine(await loadTfjs(device, threads), device), notice: '' };
  }
  const notices: string[] = [];
  for (const candidate of TFJS_DEVICES) {
    if (!('files' in findTfjs(candidate))) continue;
    try {
      const tf = await loadTfjs(candidate, threads);
      return { engine: createTfjsEngine(tf, candidate), notice: notices.join('; ') };
    } catch (error) {
      if (!(error instanceof UnavailableDeviceError)) throw error;
      notices.push(error.message);
    }
  }
  return { engine: createTfjsEngine(await loadTfjs('js', threads), 'js'), notice: notices.join('; ') };
}

/** Interprets programs with the kernels of a loaded tfjs. Values stay on the device until they are read. */
export function createTfjsEngine(tf: Tfjs, device: TfjsDevice): TensorEngine {
  return {
    name: 'tfjs',
    device,
    tolerance: 1e-5,
    compile: async (program) => new TfjsProgram(tf, DEVICE_PACKAGES[device].backend, program),
  };
}

const isDevice = (name: string): name is TfjsDevice => (TFJS_DEVICES as readonly string[]).includes(name);

class TfjsProgram implements CompiledProgram {
  readonly #backend: Backend;
  readonly #plan: ExecutionPlan;
  readonly #constants: ReadonlyMap<Node, TfTensor>;
  #state: ReadonlyMap<string, TfTensor> = new Map();

  constructor(
    private readonly tf: Tfjs,
    private readonly backendName: string,
    private readonly program: Program,
  ) {
    this.#backend = backendOf(tf, backendName);
    this.#plan = createExecutionPlan(programOutputs(program));
    this.#select();
    const constants = [...this.#plan.leaves.keys()].filter((node) => node.op === 'constant');
    this.#constants = new Map(constants.map((node) => [node, this.#place(node.params.value)]));
  }

  async load(given: NamedTensors): Promise<void> {
    const found = this.program.state.map(({ current }) => [current.params.name, checkedFeed(current, given)] as const);
    this.#select();
    disposeAll(this.#state.values());
    this.#state = new Map(found.map(([name, tensor]) => [name, this.#place(tensor)]));
  }

  async step(feeds: NamedTensors): Promise<NamedTensors> {
    const given = this.program.feeds.map((feed) => [feed.params.name, checkedFeed(feed, feeds)] as const);
    for (const { current } of this.program.state) {
      if (!this.#state.has(current.params.name)) throw new UnfedInputError(current.params.name);
    }
    this.#select();
    const placed = new Map(given.map(([name, tensor]) => [name, this.#place(tensor)]));
    const { metrics, state } = this.program;
    let results: TfTensor[];
    try {
      results = this.#compute(new Map([...this.#state, ...placed]));
    } finally {
      disposeAll(placed.values());
    }
    const told = metrics.map(({ name, node }, i) => [name, readTensor(results[i]!, node.shape)] as const);
    disposeAll([...this.#state.values(), ...results.slice(0, metrics.length)]);
    this.#state = new Map(state.map(({ current }, i) => [current.params.name, results[metrics.length + i]!]));
    return new Map(told);
  }

  async read(): Promise<NamedTensors> {
    this.#select();
    return new Map([...this.#state].map(([name, tensor]) => [name, readTensor(tensor, tensor.shape)]));
  }

  async release(): Promise<void> {
    disposeAll([...this.#state.values(), ...this.#constants.values()]);
    this.#state = new Map();
  }

  /** Fresh tensors, one a result. */
  #compute(inputs: ReadonlyMap<string, TfTensor>): TfTensor[] {
    const { instructions, leaves, results } = this.#plan;
    const values: (TfTensor | undefined)[] = [];
    for (const [node, number] of leaves) {
      values[number] = node.op === 'input' ? inputs.get(node.params.name)! : this.#constants.get(node)!;
    }
    try {
      // Frees everything on the way when a kernel fails; while all is well, values go as soon as nobody needs them.
      return this.tf.tidy(() => {
        for (const { compute, reads, writes, frees } of instructions) {
          const operands = reads.map((number) => values[number]!);
          values[writes] = this.tf.tidy(() => compute(this.#backend, operands));
          for (const number of frees) {
            values[number]!.dispose();
            values[number] = undefined;
          }
        }
        return results.map((number) => this.#backend.run('Identity', { x: values[number]! }));
      });
    } catch (cause) {
      const message = String(cause instanceof Error ? cause.message : cause).split('\n')[0]!;
      throw new EngineError(`tfjs failed while it ran the program: ${message}`, { cause });
    }
  }

  /** tfjs has one current backend; other programs of this process may have taken it. */
  #select(): void {
    // Its promise is for backends that are not started yet; this one is.
    if (this.tf.engine().backendName !== this.backendName) void this.tf.engine().setBackend(this.backendName);
  }

  /** A copy on the device: a backend may go on looking at the values it is given. */
  #place({ shape, data }: Tensor): TfTensor {
    return this.tf.tensor(data.slice(), [...shape], 'float32');
  }
}

function backendOf(tf: Tfjs, name: string): Backend {
  const engine = tf.engine();
  return {
    name,
    run: (kernel, inputs, attributes) =>
      engine.runKernel(kernel, inputs as Record<string, TfTensor>, attributes as Record<string, never>) as TfTensor,
  };
}

/** A copy of a tensor's values. */
const readTensor = (tensor: TfTensor, shape: Shape): Tensor => ({
  shape,
  data: Float32Array.from(tensor.dataSync<'float32'>()),
});

function disposeAll(tensors: Iterable<TfTensor>): void {
  for (const tensor of tensors) tensor.dispose();
}
