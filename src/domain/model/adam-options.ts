/** Hyperparameters of Adam (Kingma and Ba 2015); the learning rate is the paper's alpha. */
export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** The settings of DCGAN (Radford et al. 2016). */
export const DCGAN_ADAM: AdamOptions = { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
