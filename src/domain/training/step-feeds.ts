import { buildConfiguredModel } from '../model/catalogue/catalogue.js';
import { noiseShape } from '../model/model-spec.js';
import { packedSize, unpackCells, unpackRoll } from '../roll/piano-roll.js';
import { normals, randomStream } from '../random.js';
import { sizeOf, type NamedTensors, type Tensor } from '../tensor/tensor.js';
import type { RunConfiguration } from './run-configuration.js';
import { TRAINING_FEEDS } from './training-program.js';

/** What the feeds of a run's steps depend on, beside the rolls: plain data, so that it can go to another thread. */
export type FeedSettings = Pick<RunConfiguration, 'model' | 'batch' | 'seed'> & {
  readonly dataset: Pick<RunConfiguration['dataset'], 'rolls' | 'format'>;
};

/**
 * What the training program is fed in a step, from 0: a function of the plan, the step and its rolls alone.
 * @param packed the step's rolls as `createBatchOrder` draws them, packed (see packRoll), one after the other
 */
export type BuildStepFeeds = (step: number, packed: Uint8Array) => NamedTensors;

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
