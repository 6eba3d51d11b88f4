import { MidiError, MidiFileError } from '../../domain/midi/midi-error.js';
import { MIDI_LIMITS } from '../../domain/midi/midi-limits.js';
import type { FileStore } from '../../ports/file-store.js';
import type { MidiReader, MidiReadResult } from '../../ports/midi-reader.js';

/**
 * Reads a MIDI file strictly.
 * @throws MidiFileError with the path if the file is not valid MIDI
 * @throws FileAccessError if it cannot be read or is larger than MIDI_LIMITS.bytes
 */
export async function readMidi(path: string, files: FileStore, reader: MidiReader): Promise<MidiReadResult> {
  const bytes = await files.read(path, MIDI_LIMITS.bytes);
  try {
    return reader.read(bytes);
  } catch (cause) {
    throw cause instanceof MidiError ? new MidiFileError(path, cause) : cause;
  }
}
