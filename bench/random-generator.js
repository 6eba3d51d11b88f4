// A dcgan-a generator with random weights.
import { sha256 } from '../dist/adapters/node-platform/sha256.js';
import { createGeneratorRuntime } from '../dist/adapters/onnx/session/generator-runtime.js';
import { createOnnxModelFormat } from '../dist/adapters/onnx/model/model-format.js';
import { buildModel } from '../dist/domain/model/catalogue/catalogue.js';
import { generatorProgram } from '../dist/domain/model/generator-program.js';
import { noiseShape } from '../dist/domain/model/model-spec.js';
import { initializeParameters } from '../dist/domain/model/parameters.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { sizeOf } from '../dist/domain/tensor/tensor.js';

/** Share of the cells that sound in the first tune, as in real tunes. */
const SOUNDING_SHARE = 0.06;

/** The bytes of a model file whose tunes are as dense as real ones, and the shape of its noise. */
export async function randomGenerator(depth) {
  const spec = buildModel('dcgan-a', depth);
  const program = generatorProgram(spec, 1, initializeParameters([spec.generator], 1));
  const training = { origin: 'random weights', datasetDigest: '', rolls: 0, seed: 1, batch: 16, steps: 0, epochs: 0 };
  const shape = noiseShape(spec);
  const metadata = {
    version: 1,
    architecture: spec.architecture,
    depth,
    noiseShape: shape,
    rollFormat: spec.rollFormat,
    threshold: 0.5,
    training,
    licence: 'Apache-2.0',
  };
  const modelFormat = createOnnxModelFormat({ digest: sha256 });
  const model = await modelFormat.encodeGenerator(program, metadata);
  const generator = await createGeneratorRuntime({ digest: sha256 }).load(model, 'cpu');
  const noise = normals(randomStream(1, 'noise'), sizeOf(shape));
  const sorted = (await generator.generate(noise, 1)).slice().sort();
  await generator.release();
  const threshold = sorted[Math.floor(sorted.length * (1 - SOUNDING_SHARE))];
  return { bytes: await modelFormat.encodeGenerator(program, { ...metadata, threshold }), shape };
}
