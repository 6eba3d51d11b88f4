import type { RollFormat } from '../music/roll-format.js';
import type { Shape } from '../tensor/tensor.js';
import type { Network } from './layers.js';

/** A pair of networks of one depth. */
export interface ModelSpec {
  /** Catalogue name. */
  readonly architecture: string;
  /** Channels of the widest-spread layer; the others are multiples of it. */
  readonly depth: number;
  /** Noise [..] -> certainties [channels, pitches, columns], 0..1. */
  readonly generator: Network;
  /** Roll [channels, pitches, columns] -> [1], the logit of being real. */
  readonly discriminator: Network;
  /** What the rolls mean that the networks were laid out for. */
  readonly rollFormat: RollFormat;
}

/** One entry of the catalogue. */
export interface Architecture {
  readonly name: string;
  readonly summary: string;
  readonly depth: { readonly default: number; readonly least: number; readonly most: number };
  /** Certainty from which a cell sounds. */
  readonly threshold: number;
  readonly build: (depth: number) => ModelSpec;
}

export const noiseShape = (spec: ModelSpec): Shape => spec.generator.inputShape;
