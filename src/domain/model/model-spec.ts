import type { PianoRoll } from '../roll/piano-roll.js';
import type { RollFormat } from '../roll/roll-format.js';
import type { Node } from '../tensor/op.js';
import type { Shape } from '../tensor/tensor.js';
import type { AdamOptions } from './adam-options.js';
import type { Network } from './layers.js';
import type { Vocabulary, VocabularyLimits } from './tune/vocabulary.js';

/** How the pair is trained. */
export interface TrainingRecipe {
  /** One of src/domain/training/objectives.ts. */
  readonly objective: 'crossEntropy' | 'relativistic';
  readonly generator: AdamOptions;
  readonly discriminator: AdamOptions;
  /** R1 and R2, on this share of the batch (0..1), each weighted gamma / 2; absent for none. */
  readonly penalty?: { readonly gamma: number; readonly share: number };
  /** Of the moving average of the generator's weights, which then composes; absent when the weights themselves do. */
  readonly averageDecay?: number;
  /** Both networks are updated from one judgement of the drawings; otherwise the better discriminator judges them again. */
  readonly simultaneousUpdates: boolean;
}

/** What real rolls become before they are judged, for networks that do not judge the rolls themselves. */
export interface ExampleEncoder {
  /** Numbers of the condition that both networks are told: what is drawn shares it with the real roll that it is paired with. */
  readonly conditionSize: number;
  /** Writes what the discriminator is shown of a roll, its input shape, into `planes` of zeros from `offset` on; returns its condition. */
  readonly encode: (roll: PianoRoll, planes: Float32Array, offset: number) => Float32Array;
  /** The condition that noise [batch, ...noiseShape] chooses when the generator composes: [batch, conditionSize]. */
  readonly conditionFromNoise: (noise: Node) => Node;
}

/** A pair of networks of one depth. */
export interface ModelSpec {
  /** Catalogue name. */
  readonly architecture: string;
  /** Channels of the widest-spread layer; the others are multiples of it. */
  readonly depth: number;
  /** Noise [..] -> certainties [channels, pitches, columns], 0..1; in training what the discriminator is shown. */
  readonly generator: Network;
  /** Roll [channels, pitches, columns], or what `examples` makes of it -> [1], the logit of being real. */
  readonly discriminator: Network;
  /** What the rolls mean that the networks were laid out for. */
  readonly rollFormat: RollFormat;
  readonly training: TrainingRecipe;
  /** Absent when the networks draw and judge rolls as they are. */
  readonly examples?: ExampleEncoder;
}

/** Numbers of an architecture that are not settled by its name and depth, by name. */
export type Hyperparameters = Readonly<Record<string, number>>;

/** What a model is built with beside its depth. */
export interface ModelOptions {
  /** In place of the architecture's own numbers of the same names. */
  readonly recipe?: Hyperparameters | undefined;
  /** For architectures that choose; a plain one when absent. */
  readonly vocabulary?: Vocabulary | undefined;
}

/** One entry of the catalogue. */
export interface Architecture {
  readonly name: string;
  readonly summary: string;
  readonly depth: { readonly default: number; readonly least: number; readonly most: number };
  /** Certainty from which a cell sounds. */
  readonly threshold: number;
  /** All its numbers that may be set, with their usual values. */
  readonly recipe: Hyperparameters;
  /** How much of its dataset it learns before the first step; absent when it learns nothing so. */
  readonly vocabulary?: VocabularyLimits;
  readonly build: (depth: number, options?: ModelOptions) => ModelSpec;
}

export const noiseShape = (spec: ModelSpec): Shape => spec.generator.inputShape;
