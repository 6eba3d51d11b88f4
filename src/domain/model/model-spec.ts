import type { PianoRoll } from '../roll/piano-roll.js';
import type { RollFormat } from '../roll/roll-format.js';
import type { Node } from '../tensor/op.js';
import type { Shape } from '../tensor/tensor.js';
import type { AdamOptions } from './adam-options.js';
import type { Network } from './layers.js';
import type { Vocabulary, VocabularyLimits } from './tune/vocabulary.js';

/** How the two networks are trained. */
export interface TrainingRecipe {
  /** A key of OBJECTIVES in src/domain/training/objectives.ts. */
  readonly objective: 'crossEntropy' | 'relativistic';
  readonly generator: AdamOptions;
  readonly discriminator: AdamOptions;
  /** R1 and R2, each weighted gamma / 2, on this share of the batch (0..1); absent for no penalty. */
  readonly penalty?: { readonly gamma: number; readonly share: number };
  /** Decay of the moving average of the generator's weights, which inference uses; absent for no average. */
  readonly averageDecay?: number;
  /**
   * Whether both networks are updated on the same logits; otherwise the generator on those of the updated
   * discriminator.
   */
  readonly simultaneousUpdates: boolean;
}

/** Encodes real rolls for a discriminator that does not take rolls as they are. */
export interface ExampleEncoder {
  /** Length of the condition of both networks. A generated roll gets the condition of the real roll of its pair. */
  readonly conditionSize: number;
  /**
   * Encodes a roll as the discriminator's input.
   * @param planes zeros, which it fills from `offset` on
   * @returns the condition of the roll
   */
  readonly encode: (roll: PianoRoll, planes: Float32Array, offset: number) => Float32Array;
  /** The condition [batch, conditionSize] that noise [batch, ...noiseShape] selects in inference. */
  readonly conditionFromNoise: (noise: Node) => Node;
}

/** A generator and a discriminator of one depth. */
export interface ModelSpec {
  /** Catalogue name. */
  readonly architecture: string;
  /** Channels of the layers at full resolution; the other layers have multiples of it. */
  readonly depth: number;
  /** Noise [...] -> probabilities [channels, pitches, columns], 0..1; in training -> the discriminator's input. */
  readonly generator: Network;
  /** A roll [channels, pitches, columns], or its encoding by `examples` -> [1], the logit of being real. */
  readonly discriminator: Network;
  readonly rollFormat: RollFormat;
  readonly training: TrainingRecipe;
  /** Absent when the networks work on rolls as they are. */
  readonly examples?: ExampleEncoder;
}

/** Hyperparameters of an architecture besides its depth, by name. */
export type Hyperparameters = Readonly<Record<string, number>>;

export interface ModelOptions {
  /** Hyperparameters that replace the architecture's defaults. */
  readonly recipe?: Hyperparameters | undefined;
  /** For architectures with a vocabulary; by default DEFAULT_VOCABULARY. */
  readonly vocabulary?: Vocabulary | undefined;
}

/** One entry of the catalogue. */
export interface Architecture {
  readonly name: string;
  readonly summary: string;
  readonly depth: { readonly default: number; readonly min: number; readonly max: number };
  /** The probability from which a cell sounds. */
  readonly threshold: number;
  /** Every hyperparameter that can be set, with its default. */
  readonly recipe: Hyperparameters;
  /** Sizes of the vocabulary that is learned from the dataset; absent for architectures without one. */
  readonly vocabulary?: VocabularyLimits;
  readonly build: (depth: number, options?: ModelOptions) => ModelSpec;
}

export const noiseShape = (spec: ModelSpec): Shape => spec.generator.inputShape;
