import { slice } from '../../tensor/node-builders.js';
import type { Architecture, ExampleEncoder } from '../model-spec.js';
import { choosePlanByNoise, encodeTunePlan, tunePlanSize } from '../tune/tune-plan-nodes.js';
import { encodeChoices } from '../tune/tune-nodes.js';
import { DEFAULT_VOCABULARY, tuneChoicesFromRoll, type Vocabulary } from '../tune/vocabulary.js';
import { VOICES_FORMAT } from '../tune/voices.js';
import { apolloDiscriminator } from './apollo-discriminator.js';
import { apolloGenerator, PLAN_NOISE_SIZE } from './apollo-generator.js';
import { APOLLO_HYPERPARAMETERS, type ApolloHyperparameters } from './apollo-hyperparameters.js';

/**
 * The default model: one discrete choice of melody and of chord for each column, conditioned on the plan of a real
 * tune.
 */
export const apollo: Architecture = {
  name: 'apollo',
  summary: 'a melody and chords as choices, from the form to the details; for datasets of prepare --voices',
  depth: { default: 48, min: 4, max: 256 },
  threshold: 0.5,
  recipe: APOLLO_HYPERPARAMETERS,
  vocabulary: { melodyRows: 36, chords: 23, forms: 1024 },
  build: (depth, { recipe = {}, vocabulary = DEFAULT_VOCABULARY } = {}) => {
    const hyperparameters: ApolloHyperparameters = { ...APOLLO_HYPERPARAMETERS, ...recipe };
    const { beta1, beta2, learningRate, discriminatorRate, gamma, penaltyShare, averageDecay } = hyperparameters;
    const adam = { beta1, beta2, epsilon: 1e-8 };
    return {
      architecture: 'apollo',
      depth,
      rollFormat: VOICES_FORMAT,
      generator: apolloGenerator(depth, VOICES_FORMAT, vocabulary, hyperparameters),
      discriminator: apolloDiscriminator(depth, VOICES_FORMAT, vocabulary, hyperparameters),
      examples: createExampleEncoder(vocabulary),
      training: {
        objective: 'relativistic',
        generator: { ...adam, learningRate },
        discriminator: { ...adam, learningRate: discriminatorRate },
        penalty: { gamma, share: penaltyShare },
        averageDecay,
        simultaneousUpdates: hyperparameters.together !== 0,
      },
    };
  },
};

/** Encodes real tunes as one-hot choices, conditioned on their plans. */
function createExampleEncoder(vocabulary: Vocabulary): ExampleEncoder {
  const { columns } = VOICES_FORMAT;
  return {
    conditionSize: tunePlanSize(columns),
    encode: (roll, planes, offset) => {
      const tune = tuneChoicesFromRoll(roll, vocabulary);
      encodeChoices(tune, vocabulary, planes, offset);
      return encodeTunePlan(tune.plan, columns);
    },
    conditionFromNoise: (noise) =>
      choosePlanByNoise(slice(noise, [0, 0], [noise.shape[0]!, PLAN_NOISE_SIZE]), vocabulary, columns),
  };
}
