import type { RollFormat } from '../roll/roll-format.js';
import type { PrecisionLoss } from './precision.js';
import type { Shape } from '../tensor/tensor.js';

/** The largest model file that is read, in bytes: three times the largest network of the catalogue. */
export const MODEL_BYTES_LIMIT = 2 ** 29;

export const MODEL_VERSION = 1;

/** The metadata of a model file: everything that `compose` needs besides the weights. */
export interface ModelMetadata {
  readonly version: typeof MODEL_VERSION;
  /** Catalogue name, such as `dcgan-a`. */
  readonly architecture: string;
  readonly depth: number;
  /** Shape of the noise of one tune, without the batch axis. The noise is standard normal. */
  readonly noiseShape: Shape;
  readonly rollFormat: RollFormat;
  /** A cell sounds when its probability is at least this; 0..1. */
  readonly threshold: number;
  readonly training: {
    /** The origin of the tunes, as in dataset.json. */
    readonly origin: string;
    readonly datasetDigest: string;
    readonly rolls: number;
    readonly seed: number;
    readonly batch: number;
    readonly steps: number;
    readonly epochs: number;
  };
  /** Present in files whose weights are stored in fewer bits than float32. */
  readonly precision?: PrecisionLoss;
  /** SPDX expression for the weights, or a sentence. */
  readonly licence: string;
}
