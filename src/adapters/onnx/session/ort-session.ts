import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { MessageChannel } from 'node:worker_threads';
import { EngineError, UnavailableDeviceError } from '../../../domain/errors.js';
import { firstLine, loadOnnxruntime } from './load-onnxruntime.js';
import type { NamedTensors, Shape, Tensor } from '../../../domain/tensor/tensor.js';

/** Which outputs a run returns, and where it writes them. */
interface FetchOptions {
  /** Names of the outputs; all when absent. */
  readonly outputs?: readonly string[];
  /** Tensors to write outputs of these names into. The other outputs get new tensors. */
  readonly into?: NamedTensors;
}

/** The part of onnxruntime's session that Apollo uses. Tests replace it by a fake for devices that a machine lacks. */
export interface OrtSession {
  readonly outputNames: readonly string[];
  /** Runs the model once. The feeds are not copied, and not changed unless a tensor of `into` is among them. */
  run(feeds: NamedTensors, options?: FetchOptions): Promise<NamedTensors>;
  /** Runs the model for one uint8 output. */
  runForBytes(feeds: NamedTensors, output: string): Promise<{ readonly shape: Shape; readonly data: Uint8Array }>;
  release(): Promise<void>;
}

export interface OrtSessionOptions {
  /** onnxruntime's execution provider. */
  readonly device: string;
  /** Threads within one operation; 0 lets onnxruntime choose. */
  readonly threads: number;
  /**
   * Whether idle threads spin for a while (default) or sleep at once. Spinning is faster in long series of runs on
   * cores of their own. On shared cores, as between two tunes, it made a run of 4 ms take 15.
   */
  readonly idle?: 'spin' | 'sleep';
  /**
   * Whether later runs reuse the memory layout of the first; default true. It costs models of many large tensors time
   * and memory.
   */
  readonly enableMemPattern?: boolean;
  /** Whether onnxruntime optimizes the graph for this machine; default true. */
  readonly optimize?: boolean;
}

/**
 * Opens an ONNX model.
 * @throws UnavailableDeviceError for a device that does not work on this machine; EngineError when the model is refused
 */
export type OpenOrtSession = (model: Uint8Array, options: OrtSessionOptions) => Promise<OrtSession>;

/** How to make a device work that needs more than the package. */
const REMEDIES: Readonly<Record<string, string>> = {
  cuda: 'run `npm run cuda` on a machine with an NVIDIA card, CUDA 12 and cuDNN 9, or use --device cpu',
};

/** Opens a session of the native library, which is loaded with the first session. */
export const openOrtSession: OpenOrtSession = async (model, options) => {
  const ort = await loadOnnxruntime();
  const session = await createSession(ort, model, options);
  const toOrtTensors = (tensors: NamedTensors): Record<string, OnnxTensor> =>
    Object.fromEntries([...tensors].map(([name, { shape, data }]) => [name, new ort.Tensor('float32', data, shape)]));
  const fetch = async (feeds: NamedTensors, outputs: readonly string[], into: NamedTensors) => {
    const newTensors = Object.fromEntries(outputs.map((name) => [name, null]));
    return session.run(toOrtTensors(feeds), { ...newTensors, ...toOrtTensors(into) }).catch((cause: unknown) => {
      throw new EngineError(`onnxruntime failed while it ran the program: ${firstLine(cause)}`, { cause });
    });
  };
  return {
    outputNames: session.outputNames,
    async run(feeds, { outputs = session.outputNames, into = new Map() } = {}) {
      const results = await fetch(feeds, outputs, into);
      return new Map(
        outputs.map((name): [string, Tensor] => {
          const { dims, data } = results[name]! as { dims: readonly number[]; data: Float32Array<ArrayBuffer> };
          const target = into.get(name);
          if (target !== undefined) releaseBuffer(data.buffer);
          return [name, target ?? { shape: dims, data }];
        }),
      );
    },
    async runForBytes(feeds, output) {
      const { dims, data } = (await fetch(feeds, [output], new Map()))[output]!;
      return { shape: dims, data: data as Uint8Array };
    },
    release: () => session.release(),
  };
};

async function createSession(
  ort: Awaited<ReturnType<typeof loadOnnxruntime>>,
  model: Uint8Array,
  { device, threads, idle = 'spin', enableMemPattern = true, optimize = true }: OrtSessionOptions,
): Promise<InferenceSession> {
  return ort.InferenceSession.create(model, {
    // The only provider: onnxruntime throws where the provider's libraries are missing, instead of falling back.
    executionProviders: [device],
    intraOpNumThreads: threads,
    enableMemPattern,
    graphOptimizationLevel: optimize ? 'all' : 'disabled',
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: idle === 'spin' ? '1' : '0' } } },
  }).catch((cause: unknown) => {
    if (device === 'cpu') throw new EngineError(`onnxruntime refused the program: ${firstLine(cause)}`, { cause });
    const remedy = REMEDIES[device] ?? 'use --device cpu';
    throw new UnavailableDeviceError(`onnxruntime has no device "${device}" on this machine; ${remedy}`, { cause });
  });
}

/**
 * Frees a buffer at once, by posting it to a closed port. onnxruntime also returns a copy of each output that it was
 * told to write into a tensor, and the garbage collector would let several copies gather.
 */
const releaseBuffer = (buffer: ArrayBuffer): void => closedPort.postMessage(null, [buffer]);

const closedPort = (() => {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  port1.unref();
  return port1;
})();
