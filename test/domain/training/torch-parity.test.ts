import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { createOnnxruntimeEngine } from '../../../src/adapters/onnx/session/onnxruntime-engine.js';
import { buildModel } from '../../../src/domain/model/catalogue/catalogue.js';
import { normals, randomStream } from '../../../src/domain/random.js';
import { initialState, TRAINING_METRICS, trainingProgram } from '../../../src/domain/training/training-program.js';

interface Golden {
  readonly depth: number;
  readonly batch: number;
  readonly seed: number;
  readonly losses: readonly (readonly [discriminator: number, generator: number])[];
  /** Float32, little-endian, base64. */
  readonly weights: Readonly<Record<string, string>>;
}

/**
 * PyTorch's results for the same weights, rolls and noise, written by scripts/torch_golden.py. With this seed no input
 * of a LeakyReLU is so near to 0 that rounding changes its sign. With such an input PyTorch's own float32 and float64
 * results differ by as much as ours.
 */
const golden = JSON.parse(readFileSync(new URL('../../golden/torch-dcgan-a.json', import.meta.url), 'utf8')) as Golden;

it("five steps of dcgan-a equal PyTorch's BCEWithLogitsLoss, BatchNorm2d and Adam", async () => {
  const { depth, batch, seed } = golden;
  const spec = buildModel('dcgan-a', depth);
  const program = await createOnnxruntimeEngine({ device: 'cpu', threads: 2 }).compile(trainingProgram(spec, batch));
  await program.load(initialState(spec, seed));
  for (const [step, [discriminator, generator]] of golden.losses.entries()) {
    const cells = randomStream(seed, 'tests', step);
    const real = Float32Array.from({ length: batch * 64 * 256 }, () => (cells.below(20) === 0 ? 1 : 0));
    const noise = normals(randomStream(seed, 'noise', step), batch * 7 * 2 * 8);
    const metrics = await program.step(
      new Map([
        ['real', { shape: [batch, 1, 64, 256], data: real }],
        ['noise', { shape: [batch, 7, 2, 8], data: noise }],
      ]),
    );
    expect(metrics.get(TRAINING_METRICS.discriminatorLoss)!.data[0]! / discriminator).toBeCloseTo(1, 5);
    expect(metrics.get(TRAINING_METRICS.generatorLoss)!.data[0]! / generator).toBeCloseTo(1, 5);
  }
  const state = await program.read();
  await program.release();
  const errors = Object.entries(golden.weights).map(([name, text]) => {
    const bytes = Buffer.from(text, 'base64');
    const want = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    return { name, error: distance(state.get(name)!.data, want) };
  });
  expect(errors.length).toBe(46);
  expect(errors.filter(({ error }) => !(error < 1e-4))).toEqual([]);
});

/** |a - b| / |b|, Euclidean */
function distance(a: Float32Array, b: Float32Array): number {
  const norm = (values: Float32Array): number => Math.hypot(...values);
  return norm(a.map((x, i) => x - b[i]!)) / norm(b);
}
