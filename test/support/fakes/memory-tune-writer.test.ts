import { tuneWriterContract } from '../../contracts/tune-writer.contract.js';
import { fakeMidi } from './fake-midi.js';
import { memoryTuneWriter } from './memory-tune-writer.js';
import { memoryFileStore } from './memory-file-store.js';
import { decodePlainPicture } from './plain-picture-encoder.js';

tuneWriterContract('memory', () => {
  const files = memoryFileStore(['out']);
  const { reader } = fakeMidi();
  return { tuneWriter: memoryTuneWriter(files), folder: 'out', files, reader, decode: decodePlainPicture };
});
