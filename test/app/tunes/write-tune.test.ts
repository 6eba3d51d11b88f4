import { makeNodeFileStore } from '../../../src/adapters/node-files/node-file-store.js';
import { makeStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import { pngEncoder } from '../../../src/adapters/render/png-encoder.js';
import { createTuneWriter } from '../../../src/app/tunes/write-tune.js';
import { engraverContract } from '../../contracts/tune-writer.contract.js';
import { realEngraver } from '../../support/real-tune-writer.js';
import { scratchFolders } from '../../support/files/scratch.js';

const ports = { files: makeNodeFileStore(), midi: makeStandardMidiWriter(), pictures: pngEncoder };

engraverContract(
  'this thread',
  realEngraver(scratchFolders(), () => createTuneWriter(ports)),
);
