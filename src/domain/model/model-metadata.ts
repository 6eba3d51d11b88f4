import type { RollFormat } from '../roll/roll-format.js';
import type { PrecisionLoss } from './precision.js';
import type { Shape } from '../tensor/tensor.js';

/** Of a model file that is read at all: three times the largest network of the catalogue. */
export const MODEL_BYTES_LIMIT = 2 ** 29;

export const MODEL_VERSION = 1;

/** What a model file says of itself: `compose` needs nothing else. */
export interface ModelMetadata {
  readonly version: typeof MODEL_VERSION;
  /** Catalogue name, such as `dcgan-a`. */
  readonly architecture: string;
  readonly depth: number;
  /** Shape of one tune's noise, without the batch axis; standard normal. */
  readonly noiseShape: Shape;
  readonly rollFormat: RollFormat;
  /** A cell sounds when the generator's certainty is at least this; 0..1. */
  readonly threshold: number;
  readonly training: {
    /** Where the tunes came from, as dataset.json says. */
    readonly origin: string;
    readonly datasetDigest: string;
    readonly rolls: number;
    readonly seed: number;
    readonly batch: number;
    readonly steps: number;
    readonly epochs: number;
  };
  /** Of a file that keeps its weights smaller than float32. */
  readonly precision?: PrecisionLoss;
  /** SPDX expression for the weights, or a sentence. */
  readonly licence: string;
}
