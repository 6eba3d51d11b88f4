import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { TaskFunction } from '../../../ports/worker-pool.js';
import { OUTPUTS_AHEAD, type WorkerRequest, type WorkerResponse, type WorkerThreadData } from './messages.js';

/** The entry point of a worker thread: runs one job after the other with the task that it was started with. */
async function runWorker(port: MessagePort, { module, exportName }: WorkerThreadData): Promise<void> {
  const mayMake = new Map<number, Credit>(); // by job
  let task: TaskFunction<unknown, unknown> | undefined;
  let before = import(module).then(async (parts: Record<string, () => Promise<TaskFunction<unknown, unknown>>>) => {
    if (parts[exportName] === undefined) throw new Error(`${module} has no ${exportName}`);
    task = await parts[exportName]();
  });
  port.on('message', (order: WorkerRequest) => {
    if ('more' in order) {
      mayMake.get(order.job)?.add(order.more);
      return;
    }
    const { job, input } = order;
    const credit = new Credit(OUTPUTS_AHEAD);
    mayMake.set(job, credit);
    before = before.then(async () => {
      await runTask(port, job, task!(input), credit);
      mayMake.delete(job);
    });
  });
  await before; // a task that cannot be made ends the worker
}

async function runTask(port: MessagePort, job: number, outputs: AsyncIterable<unknown>, credit: Credit): Promise<void> {
  const report = (message: WorkerResponse, handedOver: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, handedOver);
  try {
    for await (const output of outputs) {
      report({ job, output }, transferableBuffers(output));
      await credit.take();
    }
    report({ job, done: true });
  } catch (error) {
    const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
    report({ job, failed: { message, stack } });
  }
}

/** How many more outputs may be made before one is taken. */
class Credit {
  private wake: (() => void) | undefined;

  constructor(private left: number) {}

  add(more: number): void {
    this.left += more;
    this.wake?.();
  }

  /** Uses one up and waits until there is another. */
  async take(): Promise<void> {
    this.left--;
    while (this.left <= 0) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}

/** The memory of typed arrays at the top of an output that are all of their memory. */
function transferableBuffers(output: unknown): ArrayBuffer[] {
  if (typeof output !== 'object' || output === null) return [];
  return Object.values(output).flatMap((value: unknown) =>
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength
      ? [value.buffer]
      : [],
  );
}

await runWorker(parentPort!, workerData as WorkerThreadData);
