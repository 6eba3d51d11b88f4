import { engraverContract } from '../../contracts/tune-writer.contract.js';
import { fakeMidi } from './fake-midi.js';
import { memoryEngraver } from './memory-tune-writer.js';
import { memoryFileStore } from './memory-file-store.js';
import { decodePlainPicture } from './plain-picture-encoder.js';

engraverContract('memory', () => {
  const files = memoryFileStore(['out']);
  const { reader } = fakeMidi();
  return { engraver: memoryEngraver(files), folder: 'out', files, reader, decode: decodePlainPicture };
});
