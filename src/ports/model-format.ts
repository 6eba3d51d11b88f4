import type { ModelMetadata } from '../domain/model/model-metadata.js';
import type { Program } from '../domain/tensor/program.js';

/**
 * Model files in ONNX.
 *
 * Promises, one test each in test/contracts/model-format.contract.ts:
 * - A generator's metadata is read back as it was written.
 * - The bytes are a function of the program and the metadata alone.
 * - A generator's program is read back: it computes the same values.
 * - The parameters counted are those of the program's constant tensors.
 * - Bytes that are not an Apollo model reject with DamagedFileError, in little time and memory; so do those of a model
 *   in which a byte was changed, lost or added.
 */
export interface ModelFormat {
  /**
   * The program has one feed `noise` [1, ...] and one metric `roll` [1, channels, pitches, columns]; any batch can be
   * run. The file also gives `cells`, 1 where a probability is at least the metadata's threshold, 0 elsewhere. Its
   * weights are stored in the precision of the metadata. Rejects with EngineError for weights that this precision
   * cannot represent.
   */
  encodeGenerator(program: Program, metadata: ModelMetadata): Promise<Uint8Array>;
  /** Any program as it is, its feeds, state and metrics listed in the file's metadata as JSON. */
  encodeProgram(program: Program): Promise<Uint8Array>;
  readMetadata(model: Uint8Array): Promise<ModelMetadata>;
  /**
   * The program that `encodeGenerator` was given, or one of the same feed, metric and values, but for the loss of
   * smaller weights.
   */
  readGenerator(model: Uint8Array): Promise<Program>;
  /** Numbers in the weights of a model that `readMetadata` accepts. */
  countParameters(model: Uint8Array): number;
}
