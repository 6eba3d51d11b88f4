/** The hyperparameters of the model `apollo` and their defaults; `apollo train --recipe name=value` sets them. */
export const APOLLO_HYPERPARAMETERS = {
  /** Length of the noise vector of the whole tune. */
  globalNoise: 64,
  /** Channels of the noise along time; bars of the same motif share it. */
  localNoise: 8,
  /** Length of the style vector, which modulates the generator's layers. */
  style: 128,
  /** Width of the discriminator's layers relative to the generator's. */
  discriminatorWidth: 1,
  /** 1: bars that repeat another bar copy its logits; 0: they only share its noise. */
  copy: 1,
  /** 1: the discriminator also scores passages of one and two bars (PatchGAN). */
  passages: 1,
  /** Weight of R1 and R2. */
  gamma: 5,
  /** Share of the batch that the penalties are computed on; 0..1. */
  penaltyShare: 0.25,
  learningRate: 7e-4,
  discriminatorRate: 7e-4,
  beta1: 0,
  beta2: 0.99,
  /** Decay of the moving average of the generator's weights, for each step. */
  averageDecay: 0.998,
  /** 1: both networks are updated on the same logits; 0: the generator on those of the updated discriminator. */
  together: 0,
} as const satisfies Record<string, number>;

export type ApolloHyperparameters = { readonly [K in keyof typeof APOLLO_HYPERPARAMETERS]: number };
