// A generator of dcgan-a with random weights.
import { createGeneratorRuntime } from '../dist/adapters/onnx/session/generator-runtime.js';
import { onnxModelFormat } from '../dist/adapters/onnx/model/model-format.js';
import { buildModel } from '../dist/domain/model/catalogue/catalogue.js';
import { generatorProgram } from '../dist/domain/model/generator-program.js';
import { noiseShape } from '../dist/domain/model/model-spec.js';
import { initialize } from '../dist/domain/model/parameters.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { sizeOf } from '../dist/domain/tensor/tensor.js';

/** Its tunes are as full as real ones: 6 % of the cells of its first tune sound. Its file's bytes, and the shape of its noise. */
export async function randomGenerator(depth) {
  const spec = buildModel('dcgan-a', depth);
  const program = generatorProgram(spec, 1, initialize([spec.generator], 1));
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
  const generator = await createGeneratorRuntime().load(onnxModelFormat.encodeGenerator(program, metadata), 'cpu');
  const noise = normals(randomStream(1, 'noise'), sizeOf(shape));
  const sorted = (await generator.generate(noise, 1)).slice().sort();
  await generator.release();
  const threshold = sorted[Math.floor(sorted.length * 0.94)];
  return { bytes: onnxModelFormat.encodeGenerator(program, { ...metadata, threshold }), shape };
}
