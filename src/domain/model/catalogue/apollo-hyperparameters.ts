/** Every number of the flagship that a search may turn; `apollo train --recipe name=value` sets them. */
export const APOLLO_HYPERPARAMETERS = {
  /** Numbers of noise for the tune as a whole. */
  globalNoise: 64,
  /** Channels of noise along the tune, the same where a motif comes again. */
  localNoise: 8,
  /** Numbers that style every layer of the generator. */
  style: 128,
  /** Channels of the discriminator, in parts of the generator's. */
  discriminatorWidth: 1,
  /** 1: bars that repeat another repeat its choices exactly; 0: they only share its noise. */
  copy: 1,
  /** 1: the discriminator judges passages of one and two bars, too. */
  passages: 1,
  /** Weight of R1 and R2. */
  gamma: 5,
  /** Share of the batch on which the penalties are taken; 0..1. */
  penaltyShare: 0.25,
  learningRate: 7e-4,
  discriminatorRate: 7e-4,
  beta1: 0,
  beta2: 0.99,
  /** Of the generator's moving average, a step. */
  averageDecay: 0.998,
  /** 1: both networks are updated from one judgement; 0: the generator is judged anew by the better discriminator. */
  together: 0,
} as const satisfies Record<string, number>;

export type ApolloHyperparameters = { readonly [K in keyof typeof APOLLO_HYPERPARAMETERS]: number };
