import { buildModel } from '../../../src/domain/model/catalogue/catalogue.js';
import { noiseShape, type ModelSpec } from '../../../src/domain/model/model-spec.js';
import { learnVocabulary, type Vocabulary } from '../../../src/domain/model/tune/vocabulary.js';
import type { PianoRoll } from '../../../src/domain/roll/piano-roll.js';
import { normals, randomStream } from '../../../src/domain/random.js';
import { sizeOf, type NamedTensors } from '../../../src/domain/tensor/tensor.js';
import { TRAINING_FEEDS } from '../../../src/domain/training/training-program.js';
import { LITTLE_TUNE, twoVoiceRoll } from './two-voice-roll.js';

/** The little tune in five keys, some of it later. */
export const TUNES: readonly PianoRoll[] = [0, 2, -3, 5, -1].map((by, i) =>
  twoVoiceRoll([
    ...LITTLE_TUNE.slice(0, 8 * i),
    ...LITTLE_TUNE.map(({ melody, chord = [] }) => ({ melody: melody! + by, chord: chord.map((p) => p + by) })),
  ]),
);

export const VOCABULARY: Vocabulary = learnVocabulary(TUNES, { melodyRows: 36, chords: 23, forms: 1024 });

export const tinyApollo = (recipe: Readonly<Record<string, number>> = {}): ModelSpec =>
  buildModel('apollo', 4, { vocabulary: VOCABULARY, recipe: { globalNoise: 4, localNoise: 2, style: 8, ...recipe } });

/** Feeds of one step, as a training makes them of the first tunes. */
export function apolloFeeds(spec: ModelSpec, batch: number, seed: number): NamedTensors {
  const { discriminator, examples } = spec;
  const size = sizeOf(discriminator.inputShape);
  const real = new Float32Array(batch * size);
  const condition = new Float32Array(batch * examples!.conditionSize);
  for (let i = 0; i < batch; i++)
    condition.set(examples!.encode(TUNES[i]!, real, i * size), i * examples!.conditionSize);
  const noise = [batch, ...noiseShape(spec)];
  return new Map([
    [TRAINING_FEEDS.real, { shape: [batch, ...discriminator.inputShape], data: real }],
    [TRAINING_FEEDS.noise, { shape: noise, data: normals(randomStream(seed, 'tests'), sizeOf(noise)) }],
    [TRAINING_FEEDS.condition, { shape: [batch, examples!.conditionSize], data: condition }],
  ]);
}
