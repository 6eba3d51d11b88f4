import { add, asScalar, mean, multiply, negate, softplus } from '../tensor/build.js';
import type { Node } from '../tensor/op.js';

/** What the two networks minimise, from the discriminator's logits [batch, 1]; scalars. */
export interface Objective {
  readonly discriminator: (real: Node, fake: Node) => Node;
  readonly generator: (fake: Node) => Node;
}

/**
 * Binary cross-entropy (Goodfellow et al. 2014, with the non-saturating generator): with s the sigmoid,
 * -log s(x) = softplus(-x) for label 1, -log(1 - s(x)) = softplus(x) for label 0. The discriminator's is halved over
 * real and fake, as the seed has it.
 */
export const binaryCrossEntropy: Objective = {
  discriminator: (real, fake) => multiply(add(labelled(1, real), labelled(0, fake)), 0.5),
  generator: (fake) => labelled(1, fake),
};

const labelled = (label: 0 | 1, logits: Node): Node => asScalar(mean(softplus(label === 1 ? negate(logits) : logits)));
