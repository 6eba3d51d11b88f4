/** How the discriminator judged some rolls. */
export interface DiscriminatorScores {
  /** Certainty over 0.7. */
  readonly real: number;
  readonly ambiguous: number;
  /** Certainty under 0.3. */
  readonly fake: number;
}

/** The seed counts the verdicts on this many real and as many drawn rolls. */
export const SCORED_ROLLS = 8;

/** Counts the first eight of a batch. @param certainties of being real, 0..1 */
export function countDiscriminatorScores(certainties: Float32Array): DiscriminatorScores {
  const judged = certainties.subarray(0, SCORED_ROLLS);
  const real = judged.filter((c) => c > 0.7).length;
  const fake = judged.filter((c) => c < 0.3).length;
  return { real, ambiguous: judged.length - real - fake, fake };
}

/** `5/2/1`: real, ambiguous, fake */
export const formatDiscriminatorScores = ({ real, ambiguous, fake }: DiscriminatorScores): string =>
  `${real}/${ambiguous}/${fake}`;
