import type { ModelMetadata } from '../domain/model/model-metadata.js';

/** A trained generator, ready to compose. */
export interface Generator {
  readonly metadata: ModelMetadata;
  /** The device: `cpu`, `cuda`, ... */
  readonly device: string;
  /** A sentence when that is not the device one would expect, '' otherwise. */
  readonly notice: string;
  /**
   * @param noise [count, ...noiseShape], standard normal
   * @returns [count, channels, pitches, columns], the probability of each cell, 0..1
   */
  generate(noise: Float32Array, count: number): Promise<Float32Array>;
  /**
   * @param noise as above
   * @returns [count, channels, pitches, columns], 1 for the cells that sound at the model's own threshold, 0 for the
   *   others
   */
  generateCells(noise: Float32Array, count: number): Promise<Uint8Array>;
  release(): Promise<void>;
}

/**
 * Runs exported generators.
 *
 * Promises, one test each in test/contracts/generator-runtime.contract.ts:
 * - The probabilities are those of the exported network, to 1e-5.
 * - Equal noise gives equal bytes, and a tune does not depend on the others in its batch (to 1e-5).
 * - The cells of a roll are those whose probability is at least the model's threshold.
 * - Bytes that are not an Apollo model reject with DamagedFileError.
 * - A device that is absent rejects with UnavailableDeviceError; `auto` takes one that works and says which.
 * - Noise of another length rejects with ShapeError.
 */
export interface GeneratorRuntime {
  /** @param sparedCores processor cores that are left to other work; at least one is used */
  load(model: Uint8Array, device: string, sparedCores?: number): Promise<Generator>;
}
