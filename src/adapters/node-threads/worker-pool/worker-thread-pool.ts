import { Worker } from 'node:worker_threads';
import { WorkerError } from '../../../domain/errors.js';
import { READ_AHEAD, type WorkerPool } from '../../../ports/worker-pool.js';
import { WorkerTask } from './worker-task.js';
import type { WorkerRequest, WorkerResponse, WorkerThreadData } from './messages.js';

interface WorkerThreadPoolOptions extends WorkerThreadData {
  /** Threads at most, 1 or more. */
  readonly workers: number;
  /** The entry point of a thread; the compiled worker-entry beside this file when absent. */
  readonly entry?: URL;
  /** Of objects in the memory of each thread, in MB; what Node.js grants when absent. */
  readonly maxHeapMegabytes?: number;
}

/**
 * Worker threads of Node.js, started for each run and ended with it. A thread that dies (out of memory, an error that
 * nobody caught) ends the run with a WorkerError.
 */
export const createWorkerThreadPool = <Input, Output>(options: WorkerThreadPoolOptions): WorkerPool<Input, Output> => ({
  async *run(inputs) {
    const team = new PoolRun<Output>(inputs, options);
    try {
      for (let job = team.next(); job !== undefined; job = team.next()) yield* job.outputs();
    } finally {
      await team.terminate();
    }
  },
});

interface PoolWorker {
  readonly thread: Worker;
  /** Jobs given to it and not yet done. */
  readonly tasks: Set<WorkerTask<unknown>>;
}

/** More than one, so that a worker has something to do while its last report is on its way. */
const TASKS_PER_WORKER = 2;

/**
 * Megabytes of each thread's young generation. With 6 the work takes 5 % longer; more gains nothing.
 */
const YOUNG_GENERATION_MEGABYTES = 16;

/** The threads of one run and the jobs that they have. */
class PoolRun<Output> {
  private readonly workers: PoolWorker[] = [];
  private readonly inputs: Iterator<unknown>;
  /** In work or done, and not yet taken, in order of their inputs. */
  private readonly inOrder: WorkerTask<Output>[] = [];
  private readonly byNumber = new Map<number, WorkerTask<Output>>();
  private taskCount = 0;
  private hasMore = true;
  private failure: Error | undefined;
  private terminated = false;

  constructor(
    inputs: Iterable<unknown>,
    private readonly options: WorkerThreadPoolOptions,
  ) {
    this.inputs = inputs[Symbol.iterator]();
  }

  /** The next job whose outputs are to be taken; undefined after the last. */
  next(): WorkerTask<Output> | undefined {
    this.dispatchTasks();
    const job = this.inOrder.shift();
    if (this.failure !== undefined && job === undefined && this.hasMore) throw this.failure;
    if (this.failure !== undefined) job?.fail(this.failure);
    return job;
  }

  async terminate(): Promise<void> {
    this.terminated = true;
    await Promise.all(this.workers.map(({ thread }) => thread.terminate()));
  }

  /** Gives jobs to whoever has too few. The job that is being taken counts as one that is ahead. */
  private dispatchTasks(): void {
    while (this.hasMore && this.inOrder.length + 1 < READ_AHEAD * this.options.workers && this.failure === undefined) {
      const member = this.availableWorker();
      if (member === undefined) return;
      const { done = false, value } = this.inputs.next();
      this.hasMore = !done;
      if (!done) this.dispatchTask(member, value);
    }
  }

  private dispatchTask(member: PoolWorker, input: unknown): void {
    const number = this.taskCount++;
    const order = (message: WorkerRequest): void => member.thread.postMessage(message);
    const job = new WorkerTask<Output>(() => order({ job: number, more: 1 }));
    this.inOrder.push(job);
    this.byNumber.set(number, job);
    member.tasks.add(job);
    order({ job: number, input });
  }

  /** A thread with room for a job, a new one while there may be more of them. */
  private availableWorker(): PoolWorker | undefined {
    const [first, ...others] = this.workers;
    const idlest = others.reduce((best, member) => (member.tasks.size < best!.tasks.size ? member : best), first);
    if (idlest !== undefined && idlest.tasks.size === 0) return idlest;
    if (this.workers.length < this.options.workers) return this.startWorker();
    return idlest !== undefined && idlest.tasks.size < TASKS_PER_WORKER ? idlest : undefined;
  }

  private startWorker(): PoolWorker {
    const {
      module,
      exportName,
      entry = new URL('./worker-entry.js', import.meta.url),
      maxHeapMegabytes,
    } = this.options;
    const start: WorkerThreadData = { module, exportName };
    const most = maxHeapMegabytes === undefined ? {} : { maxOldGenerationSizeMb: maxHeapMegabytes };
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES, ...most };
    const member: PoolWorker = { thread: new Worker(entry, { workerData: start, resourceLimits }), tasks: new Set() };
    this.workers.push(member);
    member.thread.on('message', (report: WorkerResponse) => this.handleResponse(member, report));
    member.thread.on('error', (cause) => this.handleWorkerDeath(reasonOf(cause), cause));
    member.thread.on('messageerror', (cause) => this.handleWorkerDeath('what it sent cannot be read', cause));
    member.thread.on('exit', (code) => this.handleWorkerDeath(`it ended with exit code ${code}`));
    return member;
  }

  private handleResponse(member: PoolWorker, report: WorkerResponse): void {
    const job = this.byNumber.get(report.job)!;
    if ('output' in report) {
      job.add(report.output as Output);
      return;
    }
    this.byNumber.delete(report.job);
    member.tasks.delete(job);
    if ('failed' in report) job.fail(Object.assign(new Error(report.failed.message), { stack: report.failed.stack }));
    else job.finish();
    try {
      this.dispatchTasks();
    } catch (cause) {
      this.failAll(cause as Error); // the inputs cannot be had
    }
  }

  private handleWorkerDeath(reason: string, cause?: unknown): void {
    if (this.terminated) return;
    const message = `a worker thread stopped before its work was done: ${reason}; try again with fewer workers`;
    this.failAll(new WorkerError(message, { cause }));
  }

  private failAll(failure: Error): void {
    this.failure ??= failure;
    for (const job of this.byNumber.values()) job.fail(this.failure);
  }
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : (message ?? String(cause));
}
