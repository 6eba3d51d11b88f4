/** How many rolls the discriminator takes for real and for fake. */
export interface DiscriminatorScores {
  /** Rolls with a probability over 0.7. */
  readonly real: number;
  readonly ambiguous: number;
  /** Rolls with a probability under 0.3. */
  readonly fake: number;
}

/** The number of rolls that the original ApolloGAN counts. */
const SCORED_ROLLS = 8;

/**
 * Counts the first eight rolls of a batch.
 * @param probabilities of being real, 0..1
 */
export function countDiscriminatorScores(probabilities: Float32Array): DiscriminatorScores {
  const scored = probabilities.subarray(0, SCORED_ROLLS);
  const real = scored.filter((p) => p > 0.7).length;
  const fake = scored.filter((p) => p < 0.3).length;
  return { real, ambiguous: scored.length - real - fake, fake };
}

/** `5/2/1`: real, ambiguous, fake */
export const formatDiscriminatorScores = ({ real, ambiguous, fake }: DiscriminatorScores): string =>
  `${real}/${ambiguous}/${fake}`;
