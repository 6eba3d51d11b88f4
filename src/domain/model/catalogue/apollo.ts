import { slice } from '../../tensor/build.js';
import type { Architecture, ExampleFormat } from '../model-spec.js';
import { chosenForm, encodeForm, formSize } from '../tune/form-nodes.js';
import { encodeChoices } from '../tune/tune-nodes.js';
import { PLAIN_VOCABULARY, tuneChoices, type Vocabulary } from '../tune/vocabulary.js';
import { VOICES_FORMAT } from '../tune/voices.js';
import { apolloDiscriminator } from './apollo-discriminator.js';
import { apolloGenerator, FORM_NOISE } from './apollo-generator.js';
import { APOLLO_RECIPE, type ApolloRecipe } from './apollo-recipe.js';

/** The flagship: a melody and chords, each one choice a column, given a form that a real tune has. */
export const apollo: Architecture = {
  name: 'apollo',
  summary: 'a melody and chords as choices, from the form to the details; for datasets of prepare --voices',
  depth: { default: 48, least: 4, most: 256 },
  threshold: 0.5,
  recipe: APOLLO_RECIPE,
  vocabulary: { melodyRows: 36, chords: 23, forms: 1024 },
  build: (depth, { recipe: given = {}, vocabulary = PLAIN_VOCABULARY } = {}) => {
    const recipe: ApolloRecipe = { ...APOLLO_RECIPE, ...given };
    const adam = { beta1: recipe.beta1, beta2: recipe.beta2, epsilon: 1e-8 };
    const discriminator = apolloDiscriminator(depth, VOICES_FORMAT, vocabulary, recipe);
    return {
      architecture: 'apollo',
      depth,
      rollFormat: VOICES_FORMAT,
      generator: apolloGenerator(depth, VOICES_FORMAT, vocabulary, recipe),
      discriminator,
      examples: examplesOf(vocabulary),
      training: {
        objective: 'relativistic',
        generator: { ...adam, learningRate: recipe.learningRate },
        discriminator: { ...adam, learningRate: recipe.discriminatorRate },
        penalty: { gamma: recipe.gamma, share: recipe.penaltyShare },
        averageDecay: recipe.averageDecay,
        together: recipe.together !== 0,
      },
    };
  },
};

/** Real tunes are judged as choices, each against one that is drawn in its form. */
function examplesOf(vocabulary: Vocabulary): ExampleFormat {
  const { columns } = VOICES_FORMAT;
  return {
    conditionSize: formSize(columns),
    encode: (roll, planes, offset) => {
      const tune = tuneChoices(roll, vocabulary);
      encodeChoices(tune, vocabulary, planes, offset);
      return encodeForm(tune.form, columns);
    },
    condition: (noise) => chosenForm(slice(noise, [0, 0], [noise.shape[0]!, FORM_NOISE]), vocabulary, columns),
  };
}
