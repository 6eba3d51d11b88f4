import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { WorkerError } from '../../../domain/errors.js';
import { createPackedBatches } from '../../../domain/training/packed-batches.js';
import type { NamedTensors } from '../../../domain/tensor/tensor.js';
import type { Batches, BatchLoader } from '../../../ports/batch-loader.js';
import type { BatchRequest, BatchResponse, BatchLoaderThreadData } from './messages.js';

export interface BatchLoaderThreadOptions {
  /** What the thread runs; the compiled file beside this one when absent. */
  readonly entry?: URL;
  /** Of objects in the thread's memory, in MB; what Node.js grants when absent. */
  readonly maxHeapMegabytes?: number;
}

/**
 * Makes feeds in a thread of its own. A step of onnxruntime blocks the caller's event loop from start to end, so orders are
 * given before it, and what came in the meantime is fetched from the port without waiting for the loop.
 */
export const createThreadedBatchLoader = ({
  entry = ENTRY_URL,
  maxHeapMegabytes,
}: BatchLoaderThreadOptions = {}): BatchLoader => ({
  open(plan, packed) {
    const batches = createPackedBatches(plan, packed);
    const { port1: port, port2 } = new MessageChannel();
    const start: BatchLoaderThreadData = { plan, port: port2 };
    const resourceLimits = maxHeapMegabytes === undefined ? {} : { maxOldGenerationSizeMb: maxHeapMegabytes };
    const thread = new Worker(entry, { workerData: start, transferList: [port2], resourceLimits, name: 'feeds' });
    const slots = new Map<number, PendingBatch>();
    let failure: Error | undefined;

    const lose = (reason: string, cause?: unknown): void => fail(workerStoppedError(reason, cause));
    const fail = (error: Error): void => {
      failure ??= error;
      for (const slot of slots.values()) slot.reject(failure);
    };
    const hear = ({ step, feeds }: BatchResponse): void => slots.get(step)?.resolve(new Map(feeds));
    const hearAll = (): void => {
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
        hear(got.message as BatchResponse);
      }
    };
    port.on('message', hear);
    port.on('messageerror', (cause) => lose('what it sent cannot be read', cause));
    thread.on('error', (cause) => lose(reasonOf(cause), cause));
    thread.on('exit', (code) => lose(`it ended with exit code ${code}`));

    const slotOf = (step: number): PendingBatch => {
      const known = slots.get(step);
      if (known !== undefined) return known;
      const slot = createPendingBatch();
      slots.set(step, slot);
      if (failure !== undefined) slot.reject(failure);
      else order(step, slot);
      return slot;
    };
    const order = (step: number, slot: PendingBatch): void => {
      try {
        const message: BatchRequest = { step, packed: batches(step) };
        port.postMessage(message, [message.packed.buffer as ArrayBuffer]);
      } catch (cause) {
        slot.reject(cause);
      }
    };
    return {
      prefetch: (step) => void slotOf(step),
      next(step) {
        const slot = slotOf(step);
        const forget = (): void => void slots.delete(step);
        hearAll();
        slot.promise.then(forget, forget);
        return slot.promise;
      },
      async close() {
        fail(new Error('the feeds were closed'));
        port.close();
        await thread.terminate();
      },
    } satisfies Batches;
  },
});

const ENTRY_URL = new URL('./batch-loader-thread-entry.js', import.meta.url);

/** Feeds that are on their way. */
interface PendingBatch {
  readonly promise: Promise<NamedTensors>;
  readonly resolve: (feeds: NamedTensors) => void;
  readonly reject: (cause: unknown) => void;
}

function createPendingBatch(): PendingBatch {
  let [resolve, reject]: [PendingBatch['resolve'], PendingBatch['reject']] = [() => undefined, () => undefined];
  const promise = new Promise<NamedTensors>((done, failed) => ([resolve, reject] = [done, failed]));
  promise.catch(() => undefined); // told to whoever takes it, and perhaps nobody does
  return { promise, resolve, reject };
}

const workerStoppedError = (reason: string, cause: unknown): WorkerError =>
  new WorkerError(
    `the thread that prepares the batches stopped: ${reason}; go on from the last checkpoint with apollo train --resume`,
    { cause },
  );

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : (message ?? String(cause));
}
