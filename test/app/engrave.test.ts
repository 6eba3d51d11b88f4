import { makeNodeFileStore } from '../../src/adapters/files/node-file-store.js';
import { makeStandardMidiWriter } from '../../src/adapters/midi/standard-midi-writer.js';
import { pngEncoder } from '../../src/adapters/render/png-encoder.js';
import { makeEngraver } from '../../src/app/engrave.js';
import { engraverContract } from '../contracts/engraver.contract.js';
import { realEngraver } from '../support/real-engraver.js';
import { scratchFolders } from '../support/scratch.js';

const ports = { files: makeNodeFileStore(), midi: makeStandardMidiWriter(), pictures: pngEncoder };

engraverContract(
  'this thread',
  realEngraver(scratchFolders(), () => makeEngraver(ports)),
);
