import { makeWebgpuEngine } from '../../src/adapters/onnx/webgpu-engine.js';
import { tensorEngineContract } from '../contracts/tensor-engine.contract.js';

tensorEngineContract('onnxruntime, webgpu', () => makeWebgpuEngine());
