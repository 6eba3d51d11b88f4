import type { RollFormat } from '../roll/roll-format.js';

export const DATASET_VERSION = 1;

/** Rolls in a full chunk. */
export const CHUNK_ROLLS = 512;

/** What became of one MIDI file. */
export type SourceOutcome =
  | 'used' // read and turned into rolls
  | 'damaged' // used all the same; the reason says what was wrong and where
  | 'empty' // a good file without a note that fits the roll
  | 'refused'; // not used; the reason says why and at which byte

export interface SourceReport {
  readonly name: string;
  readonly outcome: SourceOutcome;
  /** SHA-256 of the file's bytes, lower-case hex; absent when it could not be read. */
  readonly sha256?: string;
  /** For all outcomes but `used`. */
  readonly reason?: string;
  /** Of a refused file, one of those in docs/errors.md. */
  readonly code?: string;
  /** Byte of a refused MIDI file at which it is wrong. */
  readonly offset?: number;
  /** Rolls it gave, laybacks and transpositions counted. */
  readonly rolls: number;
  /** Notes in it, before anything is cut. */
  readonly notes: number;
  /** Notes that the roll's pitch range left out (none are when they are folded into it). */
  readonly notesOutside: number;
}

export interface ChunkEntry {
  /** `chunk-00000.npy` */
  readonly file: string;
  readonly rolls: number;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
}

/** How the rolls were cut from their sources: all that is needed to make the same dataset again. */
export interface PreparationOptions {
  readonly windows: 'all' | 'first';
  /** Copies of each roll, moved right by 0..layback-1 columns. 1..columns. */
  readonly layback: number;
  /** Semitones from..to, both included; 0..0 is the tune as it is. */
  readonly transpose: { readonly from: number; readonly to: number };
  /** Move notes outside the pitch range into it by octaves instead of leaving them out. */
  readonly fold: boolean;
}

/** dataset.json */
export interface DatasetManifest {
  readonly version: typeof DATASET_VERSION;
  readonly format: RollFormat;
  readonly preparation: PreparationOptions;
  /** Where the tunes came from: the folders asked for, or the demo composer and its seed. */
  readonly origin: string;
  /** Rolls in all chunks. */
  readonly rolls: number;
  readonly chunks: readonly ChunkEntry[];
  readonly sources: readonly SourceReport[];
  /** SHA-256 over the format and the chunks' digests: equal for equal rolls in equal order. */
  readonly digest: string;
}
