import { makeNodeFileStore } from '../../src/adapters/node-files/node-file-store.js';
import { makeStandardMidiReader } from '../../src/adapters/midi/standard-midi-reader.js';
import type { Engraver } from '../../src/ports/tune-writer.js';
import type { EngraverUnderTest } from '../contracts/tune-writer.contract.js';
import { decodePng } from './decode-png.js';

/** For the contract: an engraver that writes MIDI and PNG files into a new folder of this machine. */
export const realEngraver = (folder: () => string, open: () => Engraver) => (): EngraverUnderTest => ({
  engraver: open(),
  folder: folder(),
  files: makeNodeFileStore(),
  reader: makeStandardMidiReader(),
  decode: decodePng,
});
