import type { TuneWriter } from '../../ports/tune-writer.js';
import type { OpenQuantizerPool, QuantizeTunes } from '../prepare/quantize-tunes.js';

// Worker threads import this module by its URL and call the exports below by name. Each thread has adapters of its own.

/** Opens the tune writer of the calling thread. */
export async function openInlineTuneWriter(): Promise<TuneWriter> {
  const [{ createTuneWriter }, { createNodeFileStore }, { createStandardMidiWriter }, { createPngEncoder }] =
    await Promise.all([
      import('../tunes/write-tune.js'),
      import('../../adapters/node-files/node-file-store.js'),
      import('../../adapters/midi/standard-midi-writer.js'),
      import('../../adapters/render/png-encoder.js'),
    ]);
  const { zlibCompression } = await import('../../adapters/node-platform/zlib-compression.js');
  return createTuneWriter({
    files: createNodeFileStore(),
    midiWriter: createStandardMidiWriter(),
    pictures: createPngEncoder({ compression: zlibCompression }),
  });
}

/** The task of the worker threads of `prepare`. */
export async function createQuantizeTask(): Promise<QuantizeTunes> {
  const [{ createQuantizeTunes }, { createReadTunes }, { createNodeScoreLibrary }, { openScoreReaders }] =
    await Promise.all([
      import('../prepare/quantize-tunes.js'),
      import('../tunes/read-tunes.js'),
      import('../../adapters/node-files/node-score-library.js'),
      import('./score-readers.js'),
    ]);
  const { sha256 } = await import('../../adapters/node-platform/sha256.js');
  const ports = { scoreLibrary: createNodeScoreLibrary(), scoreReaders: openScoreReaders(), digest: sha256 };
  return createQuantizeTunes({ readTunes: createReadTunes(ports) });
}

/** Opens a tune writer in this thread, or in a thread of its own. */
export async function openTuneWriter(inOwnThread: boolean): Promise<TuneWriter> {
  if (!inOwnThread) return openInlineTuneWriter();
  const { openTuneWriterThread } = await import('../../adapters/node-threads/tune-writer/tune-writer-thread.js');
  return openTuneWriterThread({ module: import.meta.url, exportName: openInlineTuneWriter.name });
}

/** Opens pools of workers that quantize tunes; fewer than two workers are this thread. */
export async function quantizerPools({
  quantizeTunes,
}: {
  readonly quantizeTunes: QuantizeTunes;
}): Promise<OpenQuantizerPool> {
  const { createInlineWorkerPool } = await import('../../adapters/inline/inline-worker-pool.js');
  const { createWorkerThreadPool } = await import('../../adapters/node-threads/worker-pool/worker-thread-pool.js');
  const start = { module: import.meta.url, exportName: createQuantizeTask.name };
  return (workers) =>
    workers < 2 ? createInlineWorkerPool(quantizeTunes) : createWorkerThreadPool({ ...start, workers });
}
