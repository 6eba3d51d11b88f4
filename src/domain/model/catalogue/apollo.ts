import { slice } from '../../tensor/node-builders.js';
import type { Architecture, ExampleEncoder } from '../model-spec.js';
import { choosePlanByNoise, encodeTunePlan, tunePlanSize } from '../tune/tune-plan-nodes.js';
import { encodeChoices } from '../tune/tune-nodes.js';
import { DEFAULT_VOCABULARY, tuneChoicesFromRoll, type Vocabulary } from '../tune/vocabulary.js';
import { VOICES_FORMAT } from '../tune/voices.js';
import { apolloDiscriminator } from './apollo-discriminator.js';
import { apolloGenerator, PLAN_NOISE_SIZE } from './apollo-generator.js';
import { APOLLO_HYPERPARAMETERS, type ApolloHyperparameters } from './apollo-hyperparameters.js';

/** The flagship: a melody and chords, each one choice a column, given a form that a real tune has. */
export const apollo: Architecture = {
  name: 'apollo',
  summary: 'a melody and chords as choices, from the form to the details; for datasets of prepare --voices',
  depth: { default: 48, least: 4, most: 256 },
  threshold: 0.5,
  recipe: APOLLO_HYPERPARAMETERS,
  vocabulary: { melodyRows: 36, chords: 23, forms: 1024 },
  build: (depth, { recipe: given = {}, vocabulary = DEFAULT_VOCABULARY } = {}) => {
    const recipe: ApolloHyperparameters = { ...APOLLO_HYPERPARAMETERS, ...given };
    const adam = { beta1: recipe.beta1, beta2: recipe.beta2, epsilon: 1e-8 };
    const discriminator = apolloDiscriminator(depth, VOICES_FORMAT, vocabulary, recipe);
    return {
      architecture: 'apollo',
      depth,
      rollFormat: VOICES_FORMAT,
      generator: apolloGenerator(depth, VOICES_FORMAT, vocabulary, recipe),
      discriminator,
      examples: createExampleEncoder(vocabulary),
      training: {
        objective: 'relativistic',
        generator: { ...adam, learningRate: recipe.learningRate },
        discriminator: { ...adam, learningRate: recipe.discriminatorRate },
        penalty: { gamma: recipe.gamma, share: recipe.penaltyShare },
        averageDecay: recipe.averageDecay,
        simultaneousUpdates: recipe.together !== 0,
      },
    };
  },
};

/** Real tunes are judged as choices, each against one that is drawn in its form. */
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
