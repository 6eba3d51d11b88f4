import { createInlineWorkerPool } from '../../src/adapters/inline/inline-worker-pool.js';
import { createQuantizeTunes } from '../../src/app/prepare/quantize-tunes.js';
import { createFindTunes } from '../../src/app/tunes/find-tunes.js';
import type { PreparePorts } from '../../src/app/prepare/prepare.js';
import { createReadTunes } from '../../src/app/tunes/read-tunes.js';
import type { Digest } from '../../src/ports/digest.js';
import type { Machine } from '../../src/ports/machine.js';
import type { ScoreLibrary } from '../../src/ports/score-library.js';
import type { MidiReader } from '../../src/ports/midi-reader.js';
import { scoreReadersOf } from './midi/score-readers-of.js';

type PrepareParts = Pick<PreparePorts, 'findTunes' | 'quantizeTunes' | 'openQuantizerPool' | 'machine'>;

/** The parts of `prepare` that find, read and quantize tunes, in this thread whatever the number of workers. */
export function prepareParts(library: ScoreLibrary, reader: MidiReader, digest: Digest): PrepareParts {
  const scoreReaders = scoreReadersOf(reader);
  const readTunes = createReadTunes({ scoreLibrary: library, scoreReaders, digest });
  const quantizeTunes = createQuantizeTunes({ readTunes });
  const facts = { platform: 'test', node: '0', cores: 1, memory: { total: 1, free: 1 } };
  const machine: Machine = { facts: () => facts };
  return {
    findTunes: createFindTunes({ scoreLibrary: library, scoreReaders, readTunes }),
    quantizeTunes,
    openQuantizerPool: () => createInlineWorkerPool(quantizeTunes),
    machine,
  };
}
