import type { ModelMetadata } from '../../../src/domain/model/model-metadata.js';
import {
  add,
  constant,
  conv2dInputGradient,
  input,
  reshape,
  sigmoid,
} from '../../../src/domain/tensor/node-builders.js';
import type { Program } from '../../../src/domain/tensor/program.js';

const CELLS = 16; // 2 pitches, 8 columns
const WEIGHTS = Float32Array.from({ length: 3 * CELLS }, (_, i) => Math.sin(i * 1.7) * 2);
const BIAS = Float32Array.from({ length: CELLS }, (_, i) => Math.cos(i) / 2);

/** 3 numbers of noise to a roll of 2 pitches and 8 columns; `scale` makes another network. */
export function tinyGenerator(scale = 1): Program {
  const noise = input('noise', [1, 3]);
  const weights = constant({ shape: [3, 1, 2, 8], data: WEIGHTS.map((w) => w * scale) });
  const geometry = { inputSize: [2, 8], kernel: [2, 8], stride: [2, 8], padding: [0, 0, 0, 0] } as const;
  const logits = conv2dInputGradient(reshape(noise, [1, 3, 1, 1]), weights, geometry);
  const roll = sigmoid(add(logits, constant({ shape: [1, 1, 2, 8], data: BIAS })));
  return { name: 'tiny generator', feeds: [noise], state: [], metrics: [{ name: 'roll', node: roll }] };
}

/** Its numbers: weights and bias. */
export const TINY_PARAMETERS = 4 * CELLS;

export const tinyMetadata: ModelMetadata = {
  version: 1,
  architecture: 'tiny',
  depth: 3,
  noiseShape: [3],
  rollFormat: {
    lowestPitch: 60,
    pitches: 2,
    columns: 8,
    columnsPerBeat: 2,
    channels: [{ voice: 'all', kind: 'sustain' }],
  },
  threshold: 0.5,
  training: { origin: 'nöthing', datasetDigest: 'a1', rolls: 7, seed: 2 ** 53 - 1, batch: 16, steps: 5, epochs: 2 },
  licence: 'Apache-2.0',
};

/** What it computes, in plain loops. */
export function tinyProbabilities(noise: Float32Array, count: number): Float32Array {
  return Float32Array.from({ length: count * CELLS }, (_, i) => {
    const [row, cell] = [Math.floor(i / CELLS), i % CELLS];
    let logit = BIAS[cell]!;
    for (let k = 0; k < 3; k++) logit += noise[row * 3 + k]! * WEIGHTS[k * CELLS + cell]!;
    return 1 / (1 + Math.exp(-logit));
  });
}
