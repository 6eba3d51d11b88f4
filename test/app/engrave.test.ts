import { makeNodeFileStore } from '../../src/adapters/files/node-file-store.js';
import { makeStandardMidiWriter } from '../../src/adapters/midi/standard-midi-writer.js';
import { pngEncoder } from '../../src/adapters/render/png-encoder.js';
import { makeEngraver } from '../../src/app/engrave.js';
import { engraverContract } from '../contracts/engraver.contract.js';
import { scratchFolders } from '../support/scratch.js';

const folder = scratchFolders();

engraverContract('this thread', () => ({
  engraver: makeEngraver({ files: makeNodeFileStore(), midi: makeStandardMidiWriter(), pictures: pngEncoder }),
  folder: folder(),
}));
