import type { TrainingRecipe } from '../model/model-spec.js';
import {
  add,
  asScalar,
  mean,
  multiply,
  negate,
  sigmoid,
  softplus,
  square,
  subtract,
  sum,
} from '../tensor/node-builders.js';
import { gradients } from '../tensor/gradient.js';
import type { Node } from '../tensor/op.js';

/** What the two networks minimise, from the discriminator's logits [batch, 1]; scalars. */
export interface Objective {
  readonly discriminator: (real: Node, fake: Node) => Node;
  readonly generator: (fake: Node, real: Node) => Node;
  /** Whether the generator's loss looks at the real rolls, too. */
  readonly generatorUsesReal: boolean;
  /** How certain the discriminator is that the real rolls are, and that the drawn ones are: [batch, 1] each, 0..1. */
  readonly probabilities: (real: Node, fake: Node) => { readonly real: Node; readonly fake: Node };
}

/**
 * Binary cross-entropy (Goodfellow et al. 2014, with the non-saturating generator): with s the sigmoid,
 * -log s(x) = softplus(-x) for label 1, -log(1 - s(x)) = softplus(x) for label 0. The discriminator's is halved over
 * real and fake, as the seed has it.
 */
export const binaryCrossEntropy: Objective = {
  discriminator: (real, fake) => multiply(add(crossEntropyWithLabel(1, real), crossEntropyWithLabel(0, fake)), 0.5),
  generator: (fake) => crossEntropyWithLabel(1, fake),
  generatorUsesReal: false,
  probabilities: (real, fake) => ({ real: sigmoid(real), fake: sigmoid(fake) }),
};

/**
 * Relativistic pairing (Jolicoeur-Martineau 2019; R3GAN, Huang et al. 2024): each real roll is judged against a drawn one,
 * -log s(real - fake) for the discriminator, -log s(fake - real) for the generator. What counts is which of a pair looks more
 * real, so the discriminator cannot win by certainty, and no tune is left alone at the edge.
 */
export const relativistic: Objective = {
  discriminator: (real, fake) => crossEntropyWithLabel(1, subtract(real, fake)),
  generator: (fake, real) => crossEntropyWithLabel(1, subtract(fake, real)),
  generatorUsesReal: true,
  probabilities: (real, fake) => ({ real: sigmoid(subtract(real, fake)), fake: sigmoid(subtract(fake, real)) }),
};

export const OBJECTIVES: { readonly [K in TrainingRecipe['objective']]: Objective } = {
  crossEntropy: binaryCrossEntropy,
  relativistic,
};

/**
 * Zero-centred gradient penalty (R1 of Mescheder, Geiger, Nowozin 2018, of real rolls; R2 of drawn ones): the mean over the
 * rolls of the squared length of d(logit)/d(roll). @param rolls a node that `judge` makes logits [n, 1] of
 */
export function gradientPenalty(rolls: Node, judge: (rolls: Node) => Node): Node {
  const [slopes] = gradients(asScalar(sum(judge(rolls))), [rolls]);
  return multiply(asScalar(sum(square(slopes!))), 1 / rolls.shape[0]!);
}

const crossEntropyWithLabel = (label: 0 | 1, logits: Node): Node =>
  asScalar(mean(softplus(label === 1 ? negate(logits) : logits)));
