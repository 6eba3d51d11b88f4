import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import { createEngineGeneratorRuntime } from '../../../src/app/models/engine-generator-runtime.js';
import { createEngineRegistry, onCpuOnly } from '../../../src/app/wiring/engine-registry.js';
import { generatorRuntimeContract } from '../../contracts/generator-runtime.contract.js';
import { tinyGenerator, tinyMetadata } from '../../support/model/tiny-generator.js';
import { onnxModelFormat } from '../../support/onnx-model-format.js';

generatorRuntimeContract('on the reference engine', () => ({
  runtime: createEngineGeneratorRuntime({
    modelFormat: onnxModelFormat,
    engines: createEngineRegistry({ reference: onCpuOnly(() => createReferenceEngine()) }),
  }),
  model: onnxModelFormat.encodeGenerator(tinyGenerator(), tinyMetadata),
  missingDevice: 'cuda',
}));
