import type { RollFormat } from '../roll/roll-format.js';

export const DATASET_VERSION = 1;

/** Rolls in a full chunk. */
export const CHUNK_ROLLS = 512;

/** Result of preparing one MIDI file. */
export type SourceOutcome =
  | 'used' // read and turned into rolls
  | 'damaged' // used despite damage; the reason says what is wrong and where
  | 'empty' // valid, but without a note that fits the roll
  | 'refused'; // not used; the reason says why and at which byte

export interface SourceReport {
  readonly name: string;
  readonly outcome: SourceOutcome;
  /** SHA-256 of the file, lower-case hex; absent if it could not be read. */
  readonly sha256?: string;
  /** Present for all outcomes but `used`. */
  readonly reason?: string;
  /** Code of the error for a refused file, see docs/errors.md. */
  readonly code?: string;
  /** Byte at which a refused MIDI file is wrong. */
  readonly offset?: number;
  /** Rolls made from it, augmented copies included. */
  readonly rolls: number;
  /** Notes in the file. */
  readonly notes: number;
  /** Notes left out because they are outside the pitch range of the roll. */
  readonly notesOutside: number;
}

export interface ChunkEntry {
  /** Such as `chunk-00000.npy`. */
  readonly file: string;
  readonly rolls: number;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
}

/** The options with which the rolls were made from their sources. */
export interface PreparationOptions {
  readonly windows: 'all' | 'first';
  /** Number of copies of each roll, shifted right by 0..layback-1 columns; 1..columns. */
  readonly layback: number;
  /** Range of transpositions in semitones, both ends included; 0..0 keeps the tune as it is. */
  readonly transpose: { readonly from: number; readonly to: number };
  /** Transpose notes outside the pitch range into it by octaves instead of leaving them out. */
  readonly fold: boolean;
}

/** The contents of dataset.json. */
export interface DatasetManifest {
  readonly version: typeof DATASET_VERSION;
  readonly format: RollFormat;
  readonly preparation: PreparationOptions;
  /** Source of the tunes: folders, or the demo composer and its seed. */
  readonly origin: string;
  /** Number of rolls in all chunks. */
  readonly rolls: number;
  readonly chunks: readonly ChunkEntry[];
  readonly sources: readonly SourceReport[];
  /** SHA-256 of the format and the digests of the chunks; equal for equal rolls in equal order. */
  readonly digest: string;
}
