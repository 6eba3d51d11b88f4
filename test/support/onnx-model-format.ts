import { sha256 } from '../../src/adapters/node-platform/sha256.js';
import { createOnnxModelFormat } from '../../src/adapters/onnx/model/model-format.js';

export const onnxModelFormat = createOnnxModelFormat({ digest: sha256 });
