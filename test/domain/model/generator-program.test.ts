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

const spec = buildModel('dcgan-a', 4); // the channels of three of its layers are a multiple of 8, of two not

/** Parameters as after some training: none is 0 or 1. */
const state: NamedTensors = new Map(
  parametersOf(spec.generator).map(({ name, shape }, i) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const random = normals(randomStream(i, 'tests'), length);
    const data = name.endsWith('variance') ? random.map((x) => 0.3 + x * x) : random.map((x) => 0.4 * x);
    return [name, { shape, data }];
  }),
);
const noise = { shape: [2, 7, 2, 8], data: normals(randomStream(9, 'tests'), 2 * 7 * 16) };

async function generated(engine: TensorEngine, program: Program): Promise<Float32Array> {
  const compiled = await engine.compile(program);
  await compiled.load(state);
  const { data } = (await compiled.step(new Map([[GENERATOR_TENSORS.noise, noise]]))).get(GENERATOR_TENSORS.roll)!;
  await compiled.release();
  return data;
}

it('folding batch norm and decomposing transposed convolutions change no value by 1e-5', async () => {
  const engine = createReferenceEngine();
  const plain = await generated(engine, samplingProgram(spec, 2));
  const folded = await generated(engine, generatorProgram(spec, 2, state));
  expect(new Set(plain).size).toBeGreaterThan(1000);
  expect(maxDifference(plain, folded)).toBeLessThan(1e-5);
});

it('onnxruntime gives the values of the reference engine', async () => {
  const program = generatorProgram(spec, 2, state);
  const native = await generated(createOnnxruntimeEngine({ device: 'cpu', threads: 2 }), program);
  expect(maxDifference(native, await generated(createReferenceEngine(), program))).toBeLessThan(1e-5);
});

const maxDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i]!)), 0);
