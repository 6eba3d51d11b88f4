import { describe, expect, it, test } from '@jest/globals';
import { sha256 } from '../../../src/adapters/node-platform/sha256.js';
import { createGeneratorRuntime } from '../../../src/adapters/onnx/session/generator-runtime.js';
import { onnxModelFormat } from '../../support/onnx-model-format.js';
import { createOnnxruntimeEngine } from '../../../src/adapters/onnx/session/onnxruntime-engine.js';
import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import { buildModel } from '../../../src/domain/model/catalogue/catalogue.js';
import { GENERATOR_TENSORS, generatorProgram, samplingProgram } from '../../../src/domain/model/generator-program.js';
import { MODEL_VERSION } from '../../../src/domain/model/model-metadata.js';
import { noiseShape } from '../../../src/domain/model/model-spec.js';
import { normalQuantile } from '../../../src/domain/model/normal-quantile.js';
import { parseTunePlan, sourceColumns } from '../../../src/domain/model/tune/tune-plan.js';
import { readVoices } from '../../../src/domain/model/tune/voices.js';
import { normals, randomStream } from '../../../src/domain/random.js';
import { sizeOf } from '../../../src/domain/tensor/tensor.js';
import { inferenceParameters, initialState } from '../../../src/domain/training/training-program.js';
import { tinyApollo, VOCABULARY } from '../../support/model/apollo-fixtures.js';

const spec = tinyApollo();
const state = initialState(spec, 3);
const shape = noiseShape(spec);
/** Noise that selects the plan of this index. */
const noiseFor = (plan: number, seed: number): Float32Array => {
  const noise = normals(randomStream(seed, 'tests'), sizeOf(shape));
  noise[0] = normalQuantile((plan + 0.5) / VOCABULARY.forms.length);
  return noise;
};

async function generated(
  engine: ReturnType<typeof createReferenceEngine>,
  plan: number,
  seed: number,
): Promise<Uint8Array> {
  const compiled = await engine.compile(samplingProgram(spec, 1));
  await compiled.load(inferenceParameters(spec, state));
  const feeds = new Map([[GENERATOR_TENSORS.noise, { shape: [1, ...shape], data: noiseFor(plan, seed) }]]);
  const { data } = (await compiled.step(feeds)).get(GENERATOR_TENSORS.roll)!;
  await compiled.release();
  expect([...new Set(data)].sort()).toEqual([0, 1]);
  return Uint8Array.from(data);
}

describe.each([0, 1, 2, 3, 4])('a tune of plan %i with random weights', (index) => {
  const plan = parseTunePlan(VOCABULARY.forms[index]!)!;
  const engine = createOnnxruntimeEngine({ device: 'cpu', threads: 1 });
  const roll = generated(engine, index, index).then((cells) => ({ format: spec.rollFormat, cells }));

  it('has at most one melody note a column, chords of its key, and the length of its plan', async () => {
    const { cells } = await roll;
    const voices = readVoices(await roll);
    const melodyNotes = (column: number): number =>
      Array.from({ length: 64 }, (_, row) => cells[row * 256 + column]!).reduce((a, b) => a + b, 0);
    const voicings = ['', ...VOCABULARY.voicings[plan.shift + 5]!.map(String)];
    for (let column = 0; column < 256; column++) {
      expect(melodyNotes(column)).toBeLessThanOrEqual(1);
      expect(voicings).toContain(String(voices.chords[column]));
      if (column >= plan.length) expect([voices.melody[column], voices.chords[column]]).toEqual([-1, []]);
    }
    expect(new Set(voices.melody).size + new Set(voices.chords.map(String)).size).toBeGreaterThan(3);
  });

  it('has an onset for every sustained note', async () => {
    const { cells } = await roll;
    for (const voice of [0, 2]) {
      for (let row = 0; row < 64; row++) {
        for (let column = 0; column < 256; column++) {
          const at = (voice * 64 + row) * 256 + column;
          const [sustain, onset] = [cells[at]!, cells[at + 64 * 256]!];
          if (onset === 1) expect(sustain).toBe(1);
          if (sustain === 1 && (column === 0 || cells[at - 1] === 0)) expect(onset).toBe(1);
        }
      }
    }
  });

  it('repeats the bars that the plan repeats', async () => {
    const voices = readVoices(await roll);
    const sources = sourceColumns(plan, plan.melody, 256);
    const chords = sourceColumns(plan, plan.chords, 256);
    expect([...sources.keys()].some((column) => sources[column] !== column)).toBe(true);
    for (let column = 0; column < 256; column++) {
      expect(voices.melody[column]).toBe(voices.melody[sources[column]!]);
      expect(voices.chords[column]).toEqual(voices.chords[chords[column]!]);
    }
  });
});

test('onnxruntime gives the cells of the reference engine', async () => {
  const native = await generated(createOnnxruntimeEngine({ device: 'cpu', threads: 1 }), 1, 8);
  expect(await generated(createReferenceEngine(), 1, 8)).toEqual(native);
});

test('an exported model generates the same tunes in a batch, alone, and when its graph is imported', async () => {
  const parameters = inferenceParameters(spec, state);
  const bytes = await onnxModelFormat.encodeGenerator(generatorProgram(spec, 1, parameters), {
    ...{ version: MODEL_VERSION, architecture: 'apollo', depth: 4, noiseShape: shape, rollFormat: spec.rollFormat },
    ...{ threshold: 0.5, licence: 'none' },
    training: { origin: '', datasetDigest: '', rolls: 1, seed: 1, batch: 1, steps: 1, epochs: 1 },
  });
  const generator = await createGeneratorRuntime({ digest: sha256 }).load(bytes, 'cpu');
  const cells = sizeOf([4, 64, 256]);
  const noise = [0, 3].map((plan) => noiseFor(plan, 5 + plan));
  const together = await generator.generate(Float32Array.from([...noise[0]!, ...noise[1]!]), 2);
  expect(together.slice(cells)).toEqual(await generator.generate(noise[1]!, 1));
  expect(together.slice(0, cells)).toEqual(await generator.generate(noise[0]!, 1));
  expect(together.slice(0, cells)).not.toEqual(together.slice(cells));
  await generator.release();

  // The noise search uses the imported graph.
  const imported = await createReferenceEngine().compile(await onnxModelFormat.readGenerator(bytes));
  const again = await imported.step(new Map([[GENERATOR_TENSORS.noise, { shape: [1, ...shape], data: noise[1]! }]]));
  expect(again.get(GENERATOR_TENSORS.roll)!.data).toEqual(together.slice(cells));
});

test('a recipe accepts only hyperparameters of the architecture, from 0 up', () => {
  expect(() => buildModel('apollo', 4, { recipe: { gama: 1 } })).toThrow('no number "gama"; did you mean "gamma"?');
  expect(() => buildModel('apollo', 4, { recipe: { gamma: -1 } })).toThrow('gamma in the recipe of apollo must be');
  expect(() => buildModel('dcgan-a', 4, { recipe: { gamma: 1 } })).toThrow('it has none');
});
