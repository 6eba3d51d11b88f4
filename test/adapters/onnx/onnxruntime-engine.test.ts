import { makeOnnxruntimeEngine } from '../../../src/adapters/onnx/onnxruntime-engine.js';
import { tensorEngineContract } from '../../contracts/tensor-engine.contract.js';

tensorEngineContract('onnxruntime, cpu', () => makeOnnxruntimeEngine({ device: 'cpu', threads: 2 }));
