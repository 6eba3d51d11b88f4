import { buildConfiguredModel } from '../model/catalogue/catalogue.js';
import { noiseShape } from '../model/model-spec.js';
import { packedSize, unpackCells, unpackRoll } from '../roll/piano-roll.js';
import { normals, randomStream } from '../random.js';
import { sizeOf, type NamedTensors, type Tensor } from '../tensor/tensor.js';
import type { RunConfiguration } from './run-configuration.js';
import { TRAINING_FEEDS } from './training-program.js';

/** The inputs of a run's feeds besides the rolls: plain data that can be sent to another thread. */
export type FeedSettings = Pick<RunConfiguration, 'model' | 'batch' | 'seed'> & {
  readonly dataset: Pick<RunConfiguration['dataset'], 'rolls' | 'format'>;
};

/**
 * Builds the feeds of one training step: a pure function of the settings, the step (from 0) and its rolls.
 * @param packed the packed rolls of the step, concatenated (see createPackedBatches)
 */
type BuildStepFeeds = (step: number, packed: Uint8Array) => NamedTensors;

export function createBuildStepFeeds({ model, batch, seed, dataset: { format } }: FeedSettings): BuildStepFeeds {
  const spec = buildConfiguredModel(model);
  const { examples } = spec;
  const example = spec.discriminator.inputShape;
  const size = sizeOf(example);
  const bytes = packedSize(format);
  const noise = [batch, ...noiseShape(spec)];
  return (step, packed) => {
    const real = new Float32Array(batch * size);
    const condition = new Float32Array(batch * (examples?.conditionSize ?? 0));
    for (let i = 0; i < batch; i++) {
      const roll = packed.subarray(i * bytes, (i + 1) * bytes);
      if (examples === undefined) unpackCells(roll, real, i * size);
      else condition.set(examples.encode(unpackRoll(roll, format), real, i * size), i * examples.conditionSize);
    }
    const feeds = new Map<string, Tensor>([
      [TRAINING_FEEDS.real, { shape: [batch, ...example], data: real }],
      [TRAINING_FEEDS.noise, { shape: noise, data: normals(randomStream(seed, 'noise', step), sizeOf(noise)) }],
    ]);
    if (examples !== undefined)
      feeds.set(TRAINING_FEEDS.condition, { shape: [batch, examples.conditionSize], data: condition });
    return feeds;
  };
}
