import { Worker } from 'node:worker_threads';
import { WorkerError } from '../../../domain/errors.js';
import type { TuneWriter, TuneFacts } from '../../../ports/tune-writer.js';
import {
  deserializeError,
  type TuneWriterRequest,
  type TuneWriterResponse,
  type TuneWriterThreadData,
} from './messages.js';

export interface TuneWriterThreadOptions extends TuneWriterThreadData {
  /** What the thread runs; the compiled file beside this one when absent. */
  readonly entry?: URL;
  /** Of objects in the thread's memory, in MB; what Node.js grants when absent. */
  readonly maxHeapMegabytes?: number;
}

/**
 * Writes tunes down in a thread of its own, so that a model can run at the same time. The thread ends with `close`; until then it
 * keeps the process alive. When it dies, all that waits and comes rejects with WorkerError.
 */
export function openTuneWriterThread({
  module,
  exportName,
  entry = ENTRY_URL,
  maxHeapMegabytes,
}: TuneWriterThreadOptions): TuneWriter {
  const start: TuneWriterThreadData = { module, exportName };
  const most = maxHeapMegabytes === undefined ? {} : { maxOldGenerationSizeMb: maxHeapMegabytes };
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES, ...most };
  const thread = new Worker(entry, { workerData: start, resourceLimits, name: 'engraving' });
  const waiting = new Map<number, PendingWrite>();
  let asked = 0;
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const gone = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  thread.on('error', (cause) => end(workerStoppedError(reasonOf(cause), cause)));
  thread.on('messageerror', (cause) => end(workerStoppedError('what it sent cannot be read', cause)));
  thread.on('exit', (code) => end(workerStoppedError(`it ended with exit code ${code}`)));
  thread.on('message', (report: TuneWriterResponse) => {
    const { resolve, reject } = waiting.get(report.id)!;
    waiting.delete(report.id);
    if ('facts' in report) resolve(report.facts);
    else reject(deserializeError(report.failure));
  });
  return {
    write: (tune) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        const id = asked++;
        waiting.set(id, { resolve, reject });
        thread.postMessage({ id, tune } satisfies TuneWriterRequest);
      }),
    async close() {
      if (ended === undefined) {
        ended = new Error('the tune writer is closed');
        thread.postMessage('close' satisfies TuneWriterRequest);
      }
      await gone;
    },
  };
}

/** Memory for objects that die young: that of pictures is not among it. */
const YOUNG_GENERATION_MEGABYTES = 6;

const ENTRY_URL = new URL('./tune-writer-thread-entry.js', import.meta.url);

/** A tune that is on its way. */
interface PendingWrite {
  resolve(facts: TuneFacts): void;
  reject(cause: unknown): void;
}

const workerStoppedError = (reason: string, cause?: unknown): WorkerError =>
  new WorkerError(`the thread that writes the tunes stopped: ${reason}; tunes that it wrote are whole`, { cause });

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : (message ?? String(cause));
}
