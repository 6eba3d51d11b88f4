import { createOnnxruntimeEngine } from '../../../src/adapters/onnx/session/onnxruntime-engine.js';
import { createWebgpuEngine } from '../../../src/adapters/onnx/session/webgpu-engine.js';
import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import { createTfjsEngine } from '../../../src/adapters/tfjs/tfjs-engine.js';
import { loadTfjs, type TfjsDevice } from '../../../src/adapters/tfjs/tfjs-library.js';
import type { TensorEngine } from '../../../src/ports/tensor-engine.js';

const tfjs = (device: TfjsDevice) => async (): Promise<TensorEngine> =>
  createTfjsEngine(await loadTfjs(device, 2), device);

/** The judge first, then every engine and device that runs without a card of NVIDIA's. */
export const EVERY_ENGINE: Readonly<Record<string, () => Promise<TensorEngine>>> = {
  reference: async () => createReferenceEngine(),
  'onnxruntime, cpu': async () => createOnnxruntimeEngine({ device: 'cpu', threads: 2 }),
  'tfjs, cpu': tfjs('cpu'),
  'tfjs, wasm': tfjs('wasm'),
  'tfjs, js': tfjs('js'),
  'onnxruntime, webgpu': async () => createWebgpuEngine(),
};
