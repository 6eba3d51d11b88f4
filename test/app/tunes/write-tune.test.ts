import { createNodeFileStore } from '../../../src/adapters/node-files/node-file-store.js';
import { createStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import { zlibCompression } from '../../../src/adapters/node-platform/zlib-compression.js';
import { createPngEncoder } from '../../../src/adapters/render/png-encoder.js';
import { createTuneWriter } from '../../../src/app/tunes/write-tune.js';
import { tuneWriterContract } from '../../contracts/tune-writer.contract.js';
import { realTuneWriter } from '../../support/real-tune-writer.js';
import { scratchFolders } from '../../support/files/scratch.js';

const ports = {
  files: createNodeFileStore(),
  midiWriter: createStandardMidiWriter(),
  pictures: createPngEncoder({ compression: zlibCompression }),
};

tuneWriterContract(
  'this thread',
  realTuneWriter(scratchFolders(), () => createTuneWriter(ports)),
);
