import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Task } from '../../../ports/worker-pool.js';
import { OUTPUTS_AHEAD, type Order, type Report, type WorkerStart } from './messages.js';

/** What a worker thread runs: one job after the other with the task that it was started with. */
async function work(port: MessagePort, { module, makeTask }: WorkerStart): Promise<void> {
  const mayMake = new Map<number, Credit>(); // by job
  let task: Task<unknown, unknown> | undefined;
  let before = import(module).then(async (parts: Record<string, () => Promise<Task<unknown, unknown>>>) => {
    if (parts[makeTask] === undefined) throw new Error(`${module} has no ${makeTask}`);
    task = await parts[makeTask]();
  });
  port.on('message', (order: Order) => {
    if ('more' in order) {
      mayMake.get(order.job)?.add(order.more);
      return;
    }
    const { job, input } = order;
    const credit = new Credit(OUTPUTS_AHEAD);
    mayMake.set(job, credit);
    before = before.then(async () => {
      await doJob(port, job, task!(input), credit);
      mayMake.delete(job);
    });
  });
  await before; // a task that cannot be made ends the worker
}

async function doJob(port: MessagePort, job: number, outputs: AsyncIterable<unknown>, credit: Credit): Promise<void> {
  const report = (message: Report, handedOver: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, handedOver);
  try {
    for await (const output of outputs) {
      report({ job, output }, buffersOf(output));
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
function buffersOf(output: unknown): ArrayBuffer[] {
  if (typeof output !== 'object' || output === null) return [];
  return Object.values(output).flatMap((value: unknown) =>
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength
      ? [value.buffer]
      : [],
  );
}

await work(parentPort!, workerData as WorkerStart);
