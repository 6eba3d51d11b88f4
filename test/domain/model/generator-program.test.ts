import { expect, it } from '@jest/globals';
import { createOnnxruntimeEngine } from '../../../src/adapters/onnx/session/onnxruntime-engine.js';
import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import { buildModel } from '../../../src/domain/model/catalogue/catalogue.js';
import { GENERATOR_TENSORS, generatorProgram, samplingProgram } from '../../../src/domain/model/generator-program.js';
import { parametersOf } from '../../../src/domain/model/parameters.js';
import { normals, randomStream } from '../../../src/domain/random.js';
import type { Program } from '../../../src/domain/tensor/program.js';
import type { NamedTensors } from '../../../src/domain/tensor/tensor.js';
import type { TensorEngine } from '../../../src/ports/tensor-engine.js';

const spec = buildModel('dcgan-a', 4); // three of its layers in eights of channels, two not

/** Parameters as after some training: nothing is 0 or 1. */
const state: NamedTensors = new Map(
  parametersOf(spec.generator).map(({ name, shape }, i) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const drawn = normals(randomStream(i, 'tests'), length);
    return [
      name,
      { shape, data: name.endsWith('variance') ? drawn.map((x) => 0.3 + x * x) : drawn.map((x) => 0.4 * x) },
    ];
  }),
);
const noise = { shape: [2, 7, 2, 8], data: normals(randomStream(9, 'tests'), 2 * 7 * 16) };

async function drawn(engine: TensorEngine, program: Program): Promise<Float32Array> {
  const compiled = await engine.compile(program);
  await compiled.load(state);
  const { data } = (await compiled.step(new Map([[GENERATOR_TENSORS.noise, noise]]))).get(GENERATOR_TENSORS.roll)!;
  await compiled.release();
  return data;
}

it('batch norm folded and transposed convolutions made dense change nothing', async () => {
  const engine = createReferenceEngine();
  const [kept, folded] = [
    await drawn(engine, samplingProgram(spec, 2)),
    await drawn(engine, generatorProgram(spec, 2, state)),
  ];
  expect(new Set(kept).size).toBeGreaterThan(1000);
  expect(largestDifference(kept, folded)).toBeLessThan(1e-5);
});

it('onnxruntime draws what the reference engine draws', async () => {
  const program = generatorProgram(spec, 2, state);
  const native = await drawn(createOnnxruntimeEngine({ device: 'cpu', threads: 2 }), program);
  expect(largestDifference(native, await drawn(createReferenceEngine(), program))).toBeLessThan(1e-5);
});

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((largest, x, i) => Math.max(largest, Math.abs(x - b[i]!)), 0);
