import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { EngineError, UnavailableDeviceError } from '../../../domain/errors.js';
import { firstLine, loadOnnxruntime } from './load-onnxruntime.js';
import type { NamedTensors, Tensor } from '../../../domain/tensor/tensor.js';

/** A tensor in the device's memory. */
export interface DeviceTensor {
  /** Frees the tensor's memory. */
  dispose(): void;
}

/** A model whose inputs and outputs may stay on the device. Tests replace it by a fake where there is no GPU. */
export interface WebgpuSession {
  /**
   * Runs the model on tensors of the host and of the device. Returns the outputs on the host and those that stay on the
   * device.
   */
  run(
    hostFeeds: NamedTensors,
    deviceFeeds: ReadonlyMap<string, DeviceTensor>,
  ): Promise<{ readonly hostOutputs: NamedTensors; readonly deviceOutputs: ReadonlyMap<string, DeviceTensor> }>;
  release(): Promise<void>;
}

/**
 * Opens a model whose outputs named `deviceOutputs` stay on the device.
 * @throws UnavailableDeviceError when there is no GPU; EngineError when the model is refused
 */
export type OpenWebgpuSession = (model: Uint8Array, deviceOutputs: ReadonlySet<string>) => Promise<WebgpuSession>;

/** Opens a session on onnxruntime's webgpu provider. All sessions of a process share one device, and so its tensors. */
export const openWebgpuSession: OpenWebgpuSession = async (model, deviceOutputNames) => {
  const ort = await loadOnnxruntime();
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['webgpu'],
    logSeverityLevel: 4,
    preferredOutputLocation: Object.fromEntries([...deviceOutputNames].map((name) => [name, 'gpu-buffer'] as const)),
  };
  const session = await ort.InferenceSession.create(model, options).catch((cause: unknown) => {
    if (/adapter/i.test(firstLine(cause))) {
      throw new UnavailableDeviceError('onnxruntime finds no GPU for its device "webgpu"; use --device cpu', { cause });
    }
    throw new EngineError(`onnxruntime refused the program on webgpu: ${firstLine(cause)}`, { cause });
  });
  return {
    async run(hostFeeds, deviceFeeds) {
      const feeds: Record<string, OrtTensor> = {};
      for (const [name, { shape, data }] of hostFeeds) feeds[name] = new ort.Tensor('float32', data, shape);
      for (const [name, tensor] of deviceFeeds) feeds[name] = tensor as OrtTensor;
      const results = await session.run(feeds).catch((cause: unknown) => {
        throw new EngineError(`onnxruntime failed while it ran the program on webgpu: ${firstLine(cause)}`, { cause });
      });
      const hostOutputs = new Map<string, Tensor>();
      const deviceOutputs = new Map<string, DeviceTensor>();
      for (const name of session.outputNames) {
        const result = results[name]! as OrtTensor;
        if (deviceOutputNames.has(name)) deviceOutputs.set(name, result);
        else hostOutputs.set(name, { shape: result.dims, data: result.data as Float32Array });
      }
      return { hostOutputs, deviceOutputs };
    },
    release: () => session.release(),
  };
};
