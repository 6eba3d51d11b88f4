import type { DatasetManifest, PreparationOptions, SourceReport } from '../domain/dataset/manifest.js';
import type { RollFormat } from '../domain/roll/roll-format.js';

/** The description of a dataset, besides what the writer counts. */
export interface DatasetDescription {
  readonly preparation: PreparationOptions;
  readonly origin: string;
  readonly sources: readonly SourceReport[];
}

export interface DatasetWriter {
  /** Adds rolls that are packed one after the other (see packRoll); the caller may reuse the bytes when it resolves. */
  add(packed: Uint8Array): Promise<void>;
  /** Publishes the whole dataset in one step. */
  finish(description: DatasetDescription): Promise<DatasetManifest>;
  /** Deletes what was written. */
  abandon(): Promise<void>;
}

export interface Dataset {
  readonly manifest: DatasetManifest;
  /** The packed bits of roll `index`, 0..rolls-1 (see packRoll). Safe to keep. */
  packedRoll(index: number): Uint8Array;
  close(): Promise<void>;
}

/**
 * Keeps datasets: chunks of 512 packed rolls and a manifest with digests.
 *
 * Promises, one test each in test/contracts/dataset-store.contract.ts:
 * - The rolls come back in the order in which they were added, however many at once, and the manifest counts them.
 * - Until `finish` is done there is no dataset at the path; after `abandon` there never was one.
 * - Equal rolls in equal order give equal digests.
 * - Writing to a path that exists rejects with AlreadyExistsError, unless `replace`; then the old one stays until
 *   `finish`.
 * - Opening a chunk or manifest that was changed, cut or is missing rejects with DamagedFileError, which names the
 *   file.
 * - Opening what is not there rejects with FileAccessError; a dataset of another version with DamagedFileError.
 */
export interface DatasetStore {
  create(path: string, format: RollFormat, options: { readonly replace: boolean }): Promise<DatasetWriter>;
  open(path: string): Promise<Dataset>;
}
