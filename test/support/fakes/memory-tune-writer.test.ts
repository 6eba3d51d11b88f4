import { tuneWriterContract } from '../../contracts/tune-writer.contract.js';
import { fakeMidi } from './fake-midi.js';
import { memoryTuneWriter } from './memory-tune-writer.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { decodePlainPicture } from './plain-picture-encoder.js';

tuneWriterContract('memory', () => {
  const files = createMemoryFileStore(['out']);
  const { reader } = fakeMidi();
  return { tuneWriter: memoryTuneWriter(files), folder: 'out', files, reader, decode: decodePlainPicture };
});
