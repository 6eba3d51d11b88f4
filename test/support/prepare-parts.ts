import { inThisThread } from '../../src/adapters/node-threads/worker-pool/inline-worker-pool.js';
import { makeCutTunes } from '../../src/app/prepare/quantize-tunes.js';
import { makeFindTunes } from '../../src/app/tunes/find-tunes.js';
import type { PrepareParts } from '../../src/app/prepare/prepare.js';
import { makeReadTunes } from '../../src/app/tunes/read-tunes.js';
import type { Digest } from '../../src/ports/digest.js';
import type { Machine } from '../../src/ports/machine.js';
import type { MidiLibrary } from '../../src/ports/midi-library.js';
import type { MidiReader } from '../../src/ports/midi-reader.js';

type CuttingParts = Pick<PrepareParts, 'findTunes' | 'cutTunes' | 'workforce' | 'machine'>;

/** How a preparation finds, reads and cuts tunes, in this thread whatever the number of workers. */
export function cuttingParts(library: MidiLibrary, reader: MidiReader, digest: Digest): CuttingParts {
  const cutTunes = makeCutTunes(makeReadTunes(library, reader, digest));
  const facts = { platform: 'test', node: '0', cores: 1, memory: { total: 1, free: 1 } };
  const machine: Machine = { facts: () => facts };
  return {
    findTunes: makeFindTunes(library, reader, digest),
    cutTunes,
    workforce: () => inThisThread(cutTunes),
    machine,
  };
}
