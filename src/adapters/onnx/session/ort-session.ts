import type { Tensor as OnnxTensor } from 'onnxruntime-node';
import { MessageChannel } from 'node:worker_threads';
import { EngineError, UnavailableDeviceError } from '../../../domain/errors.js';
import { loadOnnxruntime } from './load-onnxruntime.js';
import type { NamedTensors, Shape, Tensor } from '../../../domain/tensor/tensor.js';

/** Which results of a run are wanted, and where. */
export interface FetchOptions {
  /** Names of outputs; all when absent. */
  readonly wanted?: readonly string[];
  /** Tensors that outputs of these names are written into; the others are fresh. */
  readonly into?: NamedTensors;
}

/** What Apollo needs of onnxruntime: a fake of it stands in for devices that a machine lacks. */
export interface OrtSession {
  /** The names of what the model gives. */
  readonly outputs: readonly string[];
  /** Runs the model once. The feeds are not copied and not changed, but where one is among `into`. */
  run(feeds: NamedTensors, results?: FetchOptions): Promise<NamedTensors>;
  /** The same for one output of bytes. */
  runForBytes(feeds: NamedTensors, wanted: string): Promise<{ readonly shape: Shape; readonly data: Uint8Array }>;
  release(): Promise<void>;
}

export interface OrtSessionOptions {
  /** onnxruntime's execution provider. */
  readonly device: string;
  /** Threads within one operation; 0 lets onnxruntime choose. */
  readonly threads: number;
  /**
   * Idle threads sleep at once instead of spinning for a while. Spinning is faster in long rows of runs on cores of their
   * own; where other work shares the cores, as between two tunes, it made a run of 4 ms take 15.
   */
  readonly idle?: 'spin' | 'sleep';
  /**
   * Whether the memory of later runs is laid out at once by what the first one took, which a model of many large tensors pays for
   * with both.
   */
  readonly enableMemPattern?: boolean;
  /** Whether onnxruntime rewrites the graph for this machine first; true when absent. */
  readonly optimize?: boolean;
}

/**
 * Opens an ONNX model.
 * @throws UnavailableDeviceError for a device that cannot be had here; EngineError when the model is refused
 */
export type OpenOrtSession = (model: Uint8Array, options: OrtSessionOptions) => Promise<OrtSession>;

/** What makes a device work, for those that need more than the package. */
const REMEDIES: Readonly<Record<string, string>> = {
  cuda: 'run `npm run cuda` on a machine with an NVIDIA card, CUDA 12 and cuDNN 9, or use --device cpu',
};

/** The real library, loaded when the first session is opened. */
export const openOrtSession: OpenOrtSession = async (
  model,
  { device, threads, idle = 'spin', enableMemPattern = true, optimize = true },
) => {
  const ort = await loadOnnxruntime();
  const session = await ort.InferenceSession.create(model, {
    // Alone: onnxruntime does not fall back from a provider whose libraries are missing, it throws.
    executionProviders: [device],
    intraOpNumThreads: threads,
    enableMemPattern: enableMemPattern,
    graphOptimizationLevel: optimize ? 'all' : 'disabled',
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: idle === 'spin' ? '1' : '0' } } },
  }).catch((cause: unknown) => {
    if (device === 'cpu') throw new EngineError(`onnxruntime refused the program: ${firstLine(cause)}`, { cause });
    const remedy = REMEDIES[device] ?? 'use --device cpu';
    throw new UnavailableDeviceError(`onnxruntime has no device "${device}" on this machine; ${remedy}`, { cause });
  });
  const native = (tensors: NamedTensors): Record<string, OnnxTensor> =>
    Object.fromEntries([...tensors].map(([name, { shape, data }]) => [name, new ort.Tensor('float32', data, shape)]));
  const results = async (feeds: NamedTensors, wanted: readonly string[], into: NamedTensors) => {
    const fresh = Object.fromEntries(wanted.map((name) => [name, null]));
    return session.run(native(feeds), { ...fresh, ...native(into) }).catch((cause: unknown) => {
      throw new EngineError(`onnxruntime failed while it ran the program: ${firstLine(cause)}`, { cause });
    });
  };
  return {
    outputs: session.outputNames,
    async run(feeds, { wanted = session.outputNames, into = new Map() } = {}) {
      const found = await results(feeds, wanted, into);
      return new Map(
        wanted.map((name): [string, Tensor] => {
          const { dims, data } = found[name]! as { dims: readonly number[]; data: Float32Array<ArrayBuffer> };
          const given = into.get(name);
          if (given !== undefined) releaseBuffer(data.buffer);
          return [name, given ?? { shape: dims, data }];
        }),
      );
    },
    async runForBytes(feeds, wanted) {
      const { dims, data } = (await results(feeds, [wanted], new Map()))[wanted]!;
      return { shape: dims, data: data as Uint8Array };
    },
    release: () => session.release(),
  };
};

/**
 * Gives memory back now. onnxruntime returns a copy also of what it wrote where it was told to, and the garbage collector comes
 * late: a message that nobody can receive is gone at once.
 */
const releaseBuffer = (buffer: ArrayBuffer): void => closedPort.postMessage(null, [buffer]);

const closedPort = (() => {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  port1.unref();
  return port1;
})();

const firstLine = (error: unknown): string => String(error instanceof Error ? error.message : error).split('\n')[0]!;
