import { generatorRuntimeContract } from '../../contracts/generator-runtime.contract.js';
import { tinyProbabilities, tinyGenerator, tinyMetadata } from '../model/tiny-generator.js';
import { formulaGeneratorRuntime } from './formula-generator-runtime.js';
import { jsonModelFormat } from './json-model-format.js';

generatorRuntimeContract('formula', () => ({
  runtime: formulaGeneratorRuntime(tinyProbabilities),
  model: jsonModelFormat.encodeGenerator(tinyGenerator(), tinyMetadata),
  missingDevice: 'cuda',
}));
