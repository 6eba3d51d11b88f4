import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { WorkerError } from '../../../domain/errors.js';
import { createPackedBatches } from '../../../domain/training/packed-batches.js';
import type { NamedTensors } from '../../../domain/tensor/tensor.js';
import type { Batches, BatchLoader } from '../../../ports/batch-loader.js';
import type { BatchRequest, BatchResponse, BatchLoaderThreadData } from './messages.js';

interface BatchLoaderThreadOptions {
  /** Module that the thread runs; the compiled file beside this one when absent. */
  readonly entry?: URL;
  /** Heap of the thread in MB; the default of Node.js when absent. */
  readonly maxHeapMegabytes?: number;
}

/**
 * Makes batches in a thread of its own. A step of onnxruntime blocks the caller's event loop from start to end. So
 * batches are requested before the step, and the responses are taken from the port without waiting for the event loop.
 */
export const createThreadedBatchLoader = ({
  entry = ENTRY_URL,
  maxHeapMegabytes,
}: BatchLoaderThreadOptions = {}): BatchLoader => ({
  open(plan, packedRoll) {
    const { port1, port2 } = new MessageChannel();
    const resourceLimits = maxHeapMegabytes === undefined ? {} : { maxOldGenerationSizeMb: maxHeapMegabytes };
    const workerData: BatchLoaderThreadData = { plan, port: port2 };
    const thread = new Worker(entry, { workerData, transferList: [port2], resourceLimits, name: 'batches' });
    return new ThreadedBatches(thread, port1, createPackedBatches(plan, packedRoll));
  },
});

class ThreadedBatches implements Batches {
  readonly #thread: Worker;
  readonly #port: MessagePort;
  readonly #packedBatch: (step: number) => Uint8Array;
  readonly #pending = new Map<number, PendingBatch>();
  #failure: Error | undefined;

  constructor(thread: Worker, port: MessagePort, packedBatch: (step: number) => Uint8Array) {
    this.#thread = thread;
    this.#port = port;
    this.#packedBatch = packedBatch;
    const stop = (reason: string, cause?: unknown): void => this.#fail(workerStoppedError(reason, cause));
    port.on('message', (response: BatchResponse) => this.#receive(response));
    port.on('messageerror', (cause) => stop('its message cannot be read', cause));
    thread.on('error', (cause) => stop(reasonOf(cause), cause));
    thread.on('exit', (code) => stop(`it ended with exit code ${code}`));
  }

  prefetch(step: number): void {
    this.#request(step);
  }

  next(step: number): Promise<NamedTensors> {
    const batch = this.#request(step);
    this.#receiveAll();
    const forget = (): void => void this.#pending.delete(step);
    batch.promise.then(forget, forget);
    return batch.promise;
  }

  async close(): Promise<void> {
    this.#fail(new Error('the batches were closed'));
    this.#port.close();
    await this.#thread.terminate();
  }

  /** Requests the batch of a step, unless it has been requested. */
  #request(step: number): PendingBatch {
    const known = this.#pending.get(step);
    if (known !== undefined) return known;
    const batch = createPendingBatch();
    this.#pending.set(step, batch);
    try {
      if (this.#failure !== undefined) throw this.#failure;
      const message: BatchRequest = { step, packed: this.#packedBatch(step) };
      this.#port.postMessage(message, [message.packed.buffer as ArrayBuffer]);
    } catch (cause) {
      batch.reject(cause);
    }
    return batch;
  }

  #receive({ step, feeds }: BatchResponse): void {
    this.#pending.get(step)?.resolve(new Map(feeds));
  }

  /** Takes the responses that have come, without the event loop. */
  #receiveAll(): void {
    for (let got = receiveMessageOnPort(this.#port); got !== undefined; got = receiveMessageOnPort(this.#port)) {
      this.#receive(got.message as BatchResponse);
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const batch of this.#pending.values()) batch.reject(this.#failure);
  }
}

const ENTRY_URL = new URL('./batch-loader-thread-entry.js', import.meta.url);

/** A batch that has been requested. */
interface PendingBatch {
  readonly promise: Promise<NamedTensors>;
  readonly resolve: (feeds: NamedTensors) => void;
  readonly reject: (cause: unknown) => void;
}

function createPendingBatch(): PendingBatch {
  let [resolve, reject]: [PendingBatch['resolve'], PendingBatch['reject']] = [() => undefined, () => undefined];
  const promise = new Promise<NamedTensors>((done, failed) => ([resolve, reject] = [done, failed]));
  promise.catch(() => undefined); // a later next() rejects with it
  return { promise, resolve, reject };
}

const workerStoppedError = (reason: string, cause: unknown): WorkerError =>
  new WorkerError(
    `the thread that prepares the batches stopped: ${reason}; ` +
      'resume from the last checkpoint with apollo train --resume',
    { cause },
  );

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : (message ?? String(cause));
}
