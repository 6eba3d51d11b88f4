import type { Part } from '../domain/sound/score-performance.js';
import type { AvailableInstruments } from '../domain/sound/assign-instruments.js';
import type { StereoBlock } from '../domain/sound/stereo-block.js';

/** A SoundFont, ready to play. */
export interface LoadedSoundFont extends AvailableInstruments {
  /**
   * The sound of the parts, dry, in blocks of whole windows, each valid until the next is asked for.
   * @param parts of programs that the orchestra has; drums only when it has some
   * @param frames in all, a multiple of WINDOW
   */
  render(parts: readonly Part[], frames: number): Iterable<StereoBlock>;
}

/**
 * Makes sound of notes with the instruments of a SoundFont (.sf2, .sf3). MIDI bytes never reach it: it is given notes.
 *
 * Promises, one test each in test/contracts/synthesizer.contract.ts:
 * - It gives as many frames as were asked for.
 * - Equal parts give equal samples, whatever was played before.
 * - A note sounds at its pitch, from its start to its end and not long after.
 * - The harder a note is struck, the louder it is.
 * - Parts sound together.
 * - No notes are silence.
 * - Bytes that are no SoundFont reject with DamagedFileError.
 */
export interface Synthesizer {
  load(soundFont: Uint8Array): Promise<LoadedSoundFont>;
}
