import type { Score } from '../domain/music/score.js';

/** Something wrong that did not stop the file from being used. */
export interface MidiWarning {
  /** Byte offset in the file. */
  readonly offset: number;
  readonly message: string;
}

export interface MidiReadResult {
  readonly score: Score;
  /** 0: one track; 1: tracks together; 2: independent patterns, which are laid one after the other in the score. */
  readonly format: 0 | 1 | 2;
  /** Track chunks in the file. */
  readonly trackChunks: number;
  readonly warnings: readonly MidiWarning[];
}

/**
 * Reads Standard MIDI Files.
 *
 * Promises, one test each in test/contracts/midi.contract.ts:
 * - A well-formed file gives its notes, tempos, time signatures, key signatures, names and programs.
 * - Formats 0 and 1, running status and any ticks per beat are understood.
 * - A note-on with velocity 0 ends a note; overlapping notes of one pitch end first in, first out.
 * - Accepted scores hold whole numbers in their ranges only.
 * - Anything else throws MidiError with a code and a byte offset, and nothing else is ever thrown.
 * - The bytes are left as they were.
 */
export interface MidiReader {
  read(bytes: Uint8Array): MidiReadResult;
}
