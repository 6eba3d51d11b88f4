import type { Score } from '../domain/music/score.js';

/** Something wrong that did not stop a file from being used. */
export interface ScoreWarning {
  /** Byte offset in the file. */
  readonly offset: number;
  readonly message: string;
}

export interface ScoreReadResult {
  readonly score: Score;
  readonly warnings: readonly ScoreWarning[];
  /** Of a MIDI file, see MidiReadResult. */
  readonly format?: 0 | 1 | 2;
  readonly trackChunks?: number;
}

/** Reads files of one format, such as a MidiReader. */
export interface ScoreReader {
  /** @throws ScoreError, and nothing else, when the bytes cannot be used */
  read(bytes: Uint8Array): ScoreReadResult;
}

export interface ScoreFormat {
  /** As messages call it: `MIDI`. */
  readonly name: string;
  /** How names of its files end: with their dot, in lower case. */
  readonly endings: readonly string[];
  /** The reader, loaded when it is first needed. */
  open(): Promise<ScoreReader>;
}

/**
 * Readers of scores, chosen by the ending of a file's name.
 *
 * Promises, one test each in test/contracts/score-readers.contract.ts:
 * - The endings of all formats are listed, each once.
 * - A name is recognized by its ending, in upper or lower case.
 * - A file goes to the format of its ending; one with another ending goes to the first format.
 * - A reader throws ScoreError for bytes that it cannot use.
 */
export interface ScoreReaders {
  readonly endings: readonly string[];
  recognizes(name: string): boolean;
  formatOf(name: string): ScoreFormat;
}
