import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { EngineError, UnavailableDeviceError } from '../../../domain/errors.js';
import { loadOnnxruntime } from './load-onnxruntime.js';
import type { NamedTensors, Tensor } from '../../../domain/tensor/tensor.js';

/** A tensor on the device, or one on its way there. */
export interface DeviceTensor {
  /** Frees its memory. */
  dispose(): void;
}

/** A model whose inputs and outputs may stay on the device. A fake of it stands in where there is no GPU. */
export interface WebgpuSession {
  /** Runs the model on values from here and values that are there; gives the outputs that were asked for here, and the others. */
  run(
    given: NamedTensors,
    resident: ReadonlyMap<string, DeviceTensor>,
  ): Promise<{ readonly hostOutputs: NamedTensors; readonly deviceOutputs: ReadonlyMap<string, DeviceTensor> }>;
  release(): Promise<void>;
}

/**
 * Opens a model of which the outputs named `staying` stay on the device.
 * @throws UnavailableDeviceError when there is no such device; EngineError when the model is refused
 */
export type OpenWebgpuSession = (model: Uint8Array, staying: ReadonlySet<string>) => Promise<WebgpuSession>;

/** On onnxruntime's webgpu provider. All sessions of a process share one device, so one's outputs can be another's inputs. */
export const openWebgpuSession: OpenWebgpuSession = async (model, staying) => {
  const ort = await loadOnnxruntime();
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['webgpu'],
    logSeverityLevel: 4,
    preferredOutputLocation: Object.fromEntries([...staying].map((name) => [name, 'gpu-buffer'] as const)),
  };
  const session = await ort.InferenceSession.create(model, options).catch((cause: unknown) => {
    if (/adapter/i.test(firstLine(cause))) {
      throw new UnavailableDeviceError('onnxruntime finds no GPU for its device "webgpu"; use --device cpu', { cause });
    }
    throw new EngineError(`onnxruntime refused the program on webgpu: ${firstLine(cause)}`, { cause });
  });
  return {
    async run(given, resident) {
      const feeds: Record<string, OrtTensor> = {};
      for (const [name, { shape, data }] of given) feeds[name] = new ort.Tensor('float32', data, shape);
      for (const [name, tensor] of resident) feeds[name] = tensor as OrtTensor;
      const results = await session.run(feeds).catch((cause: unknown) => {
        throw new EngineError(`onnxruntime failed while it ran the program on webgpu: ${firstLine(cause)}`, { cause });
      });
      const hostOutputs = new Map<string, Tensor>();
      const deviceOutputs = new Map<string, DeviceTensor>();
      for (const name of session.outputNames) {
        const result = results[name]! as OrtTensor;
        if (staying.has(name)) deviceOutputs.set(name, result);
        else hostOutputs.set(name, { shape: result.dims, data: result.data as Float32Array });
      }
      return { hostOutputs, deviceOutputs };
    },
    release: () => session.release(),
  };
};

const firstLine = (error: unknown): string => String(error instanceof Error ? error.message : error).split('\n')[0]!;
