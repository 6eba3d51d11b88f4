import type { Score } from '../domain/music/score.js';

/**
 * Writes Standard MIDI Files.
 *
 * Promises, one test each in test/contracts/midi.contract.ts:
 * - What a MidiReader reads from the bytes equals the score that was written.
 * - Equal scores give equal bytes.
 */
export interface MidiWriter {
  /** A file of format 1 at the score's ticks per beat. */
  write(score: Score): Uint8Array;
}
