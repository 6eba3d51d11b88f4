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

/** A GAN loss: what each network minimizes, a scalar computed from the discriminator's logits [batch, 1]. */
interface Objective {
  readonly discriminator: (real: Node, fake: Node) => Node;
  readonly generator: (fake: Node, real: Node) => Node;
  /** Whether the generator's loss depends on the logits of the real rolls. */
  readonly generatorUsesReal: boolean;
  /** The discriminator's probability that the real and the generated rolls are real: [batch, 1] each, 0..1. */
  readonly probabilities: (real: Node, fake: Node) => { readonly real: Node; readonly fake: Node };
}

/**
 * Binary cross-entropy with the non-saturating generator loss (Goodfellow et al. 2014). With s the sigmoid,
 * -log s(x) = softplus(-x) for label 1, -log(1 - s(x)) = softplus(x) for label 0. The discriminator's loss is the mean
 * over real and fake, as in the original ApolloGAN.
 */
export const binaryCrossEntropy: Objective = {
  discriminator: (real, fake) => multiply(add(crossEntropyWithLabel(1, real), crossEntropyWithLabel(0, fake)), 0.5),
  generator: (fake) => crossEntropyWithLabel(1, fake),
  generatorUsesReal: false,
  probabilities: (real, fake) => ({ real: sigmoid(real), fake: sigmoid(fake) }),
};

/**
 * The relativistic pairing loss (RpGAN: Jolicoeur-Martineau 2019; R3GAN: Huang et al. 2024) of pairs of a real and a
 * generated roll: -log s(real - fake) for the discriminator, -log s(fake - real) for the generator.
 * It discourages mode dropping, because every real roll is compared with a generated one.
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
 * Zero-centered gradient penalty: the mean over the rolls of |d(logit)/d(roll)|². It is R1 for real rolls and R2 for
 * generated ones (Mescheder, Geiger, Nowozin 2018).
 * @param discriminate computes the logits [n, 1] of rolls [n, ...]
 */
export function gradientPenalty(rolls: Node, discriminate: (rolls: Node) => Node): Node {
  const [slopes] = gradients(asScalar(sum(discriminate(rolls))), [rolls]);
  return multiply(asScalar(sum(square(slopes!))), 1 / rolls.shape[0]!);
}

const crossEntropyWithLabel = (label: 0 | 1, logits: Node): Node =>
  asScalar(mean(softplus(label === 1 ? negate(logits) : logits)));
