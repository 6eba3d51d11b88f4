import { Worker } from 'node:worker_threads';
import { WorkerError } from '../../../domain/errors.js';
import type { TuneFacts, TuneToWrite, TuneWriter } from '../../../ports/tune-writer.js';
import {
  deserializeError,
  type TuneWriterRequest,
  type TuneWriterResponse,
  type TuneWriterThreadData,
} from './messages.js';

interface TuneWriterThreadOptions extends TuneWriterThreadData {
  /** Module that the thread runs; the compiled file beside this one when absent. */
  readonly entry?: URL;
  /** Heap of the thread in MB; the default of Node.js when absent. */
  readonly maxHeapMegabytes?: number;
}

/**
 * Writes tunes in a thread of its own, beside a model that runs in this one. The thread ends with `close`; until then
 * it keeps the process alive. When it dies, all pending and later writes reject with WorkerError.
 */
export function openTuneWriterThread({
  module,
  exportName,
  entry = ENTRY_URL,
  maxHeapMegabytes,
}: TuneWriterThreadOptions): TuneWriter {
  const workerData: TuneWriterThreadData = { module, exportName };
  const heap = maxHeapMegabytes === undefined ? {} : { maxOldGenerationSizeMb: maxHeapMegabytes };
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES, ...heap };
  return new ThreadedTuneWriter(new Worker(entry, { workerData, resourceLimits, name: 'tune writer' }));
}

class ThreadedTuneWriter implements TuneWriter {
  readonly #thread: Worker;
  readonly #exited: Promise<void>;
  readonly #pending = new Map<number, PendingWrite>();
  #requests = 0;
  #end: Error | undefined;

  constructor(thread: Worker) {
    this.#thread = thread;
    this.#exited = new Promise((resolve) => thread.once('exit', () => resolve()));
    thread.on('error', (cause) => this.#stop(workerStoppedError(reasonOf(cause), cause)));
    thread.on('messageerror', (cause) => this.#stop(workerStoppedError('its message cannot be read', cause)));
    thread.on('exit', (code) => this.#stop(workerStoppedError(`it ended with exit code ${code}`)));
    thread.on('message', (response: TuneWriterResponse) => this.#receive(response));
  }

  write(tune: TuneToWrite): Promise<TuneFacts> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end);
      const id = this.#requests++;
      this.#pending.set(id, { resolve, reject });
      this.#thread.postMessage({ id, tune } satisfies TuneWriterRequest);
    });
  }

  async close(): Promise<void> {
    if (this.#end === undefined) {
      this.#end = new Error('the tune writer is closed');
      this.#thread.postMessage('close' satisfies TuneWriterRequest);
    }
    await this.#exited;
  }

  #receive(response: TuneWriterResponse): void {
    const { resolve, reject } = this.#pending.get(response.id)!;
    this.#pending.delete(response.id);
    if ('facts' in response) resolve(response.facts);
    else reject(deserializeError(response.failure));
  }

  #stop(error: Error): void {
    this.#end ??= error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** Small, because the bytes of pictures lie outside of the heap. */
const YOUNG_GENERATION_MEGABYTES = 6;

const ENTRY_URL = new URL('./tune-writer-thread-entry.js', import.meta.url);

/** A write that has been requested. */
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
