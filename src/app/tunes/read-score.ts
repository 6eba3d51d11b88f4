import { MIDI_LIMITS } from '../../domain/midi/midi-limits.js';
import { ScoreError, ScoreFileError } from '../../domain/music/score-error.js';
import type { FileStore } from '../../ports/file-store.js';
import type { ScoreReaders, ScoreReadResult } from '../../ports/score-readers.js';

export interface ReadScorePorts {
  readonly files: FileStore;
  readonly scoreReaders: ScoreReaders;
}

/**
 * Reads a file strictly, by the reader for its ending.
 * @throws ScoreFileError with the path if the file is damaged
 * @throws FileAccessError if it cannot be read or is larger than MIDI_LIMITS.bytes
 */
export async function readScore(path: string, { files, scoreReaders }: ReadScorePorts): Promise<ScoreReadResult> {
  const bytes = await files.read(path, MIDI_LIMITS.bytes);
  const reader = await scoreReaders.formatOf(path).open();
  try {
    return reader.read(bytes);
  } catch (cause) {
    throw cause instanceof ScoreError ? new ScoreFileError(path, cause) : cause;
  }
}
