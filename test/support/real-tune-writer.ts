import { createNodeFileStore } from '../../src/adapters/node-files/node-file-store.js';
import { createStandardMidiReader } from '../../src/adapters/midi/standard-midi-reader.js';
import type { TuneWriter } from '../../src/ports/tune-writer.js';
import type { TuneWriterUnderTest } from '../contracts/tune-writer.contract.js';
import { decodePng } from './decode-png.js';

/** For the contract: a tune writer that writes MIDI and PNG files into a new folder of this machine. */
export const realTuneWriter = (folder: () => string, open: () => TuneWriter) => (): TuneWriterUnderTest => ({
  tuneWriter: open(),
  folder: folder(),
  files: createNodeFileStore(),
  reader: createStandardMidiReader(),
  decode: decodePng,
});
