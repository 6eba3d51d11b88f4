import type { ScoreReader, ScoreReadResult } from './score-readers.js';

export interface MidiReadResult extends ScoreReadResult {
  /** 0: one track; 1: tracks together; 2: independent patterns, which are laid one after the other in the score. */
  readonly format: 0 | 1 | 2;
  /** Track chunks in the file. */
  readonly trackChunks: number;
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
export interface MidiReader extends ScoreReader {
  read(bytes: Uint8Array): MidiReadResult;
}
