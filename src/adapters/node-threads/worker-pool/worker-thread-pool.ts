import { Worker } from 'node:worker_threads';
import { WorkerError } from '../../../domain/errors.js';
import { AHEAD, type Workforce } from '../../../ports/worker-pool.js';
import { Job } from './worker-task.js';
import type { Order, Report, WorkerStart } from './messages.js';

export interface WorkerThreadsOptions extends WorkerStart {
  /** Threads at most, 1 or more. */
  readonly workers: number;
  /** What a thread runs; the compiled worker-entry beside this file when absent. */
  readonly entry?: URL;
  /** Of objects in the memory of each thread, in MB; what Node.js grants when absent. */
  readonly mostMegabytes?: number;
}

/**
 * Worker threads of Node.js, started for each run and ended with it. A thread that dies (out of memory, an error that
 * nobody caught) ends the run with a WorkerError.
 */
export const workerThreads = <Input, Output>(options: WorkerThreadsOptions): Workforce<Input, Output> => ({
  async *run(inputs) {
    const team = new Team<Output>(inputs, options);
    try {
      for (let job = team.next(); job !== undefined; job = team.next()) yield* job.outputs();
    } finally {
      await team.dismiss();
    }
  },
});

interface Member {
  readonly thread: Worker;
  /** Jobs given to it and not yet done. */
  readonly jobs: Set<Job<unknown>>;
}

/** More than one, so that a worker has something to do while its last report is on its way. */
const JOBS_A_WORKER = 2;

/** Memory for objects that die young, of each thread, a third of the usual: with 6 it takes 5 % longer, and more gains nothing. */
const YOUNG_MEGABYTES = 16;

/** The threads of one run and the jobs that they have. */
class Team<Output> {
  private readonly members: Member[] = [];
  private readonly inputs: Iterator<unknown>;
  /** In work or done, and not yet taken, in order of their inputs. */
  private readonly inOrder: Job<Output>[] = [];
  private readonly byNumber = new Map<number, Job<Output>>();
  private jobs = 0;
  private hasMore = true;
  private failure: Error | undefined;
  private dismissed = false;

  constructor(
    inputs: Iterable<unknown>,
    private readonly options: WorkerThreadsOptions,
  ) {
    this.inputs = inputs[Symbol.iterator]();
  }

  /** The next job whose outputs are to be taken; undefined after the last. */
  next(): Job<Output> | undefined {
    this.giveOut();
    const job = this.inOrder.shift();
    if (this.failure !== undefined && job === undefined && this.hasMore) throw this.failure;
    if (this.failure !== undefined) job?.fail(this.failure);
    return job;
  }

  async dismiss(): Promise<void> {
    this.dismissed = true;
    await Promise.all(this.members.map(({ thread }) => thread.terminate()));
  }

  /** Gives jobs to whoever has too few. The job that is being taken counts as one that is ahead. */
  private giveOut(): void {
    while (this.hasMore && this.inOrder.length + 1 < AHEAD * this.options.workers && this.failure === undefined) {
      const member = this.leastBusy();
      if (member === undefined) return;
      const { done = false, value } = this.inputs.next();
      this.hasMore = !done;
      if (!done) this.give(member, value);
    }
  }

  private give(member: Member, input: unknown): void {
    const number = this.jobs++;
    const order = (message: Order): void => member.thread.postMessage(message);
    const job = new Job<Output>(() => order({ job: number, more: 1 }));
    this.inOrder.push(job);
    this.byNumber.set(number, job);
    member.jobs.add(job);
    order({ job: number, input });
  }

  /** A thread with room for a job, a new one while there may be more of them. */
  private leastBusy(): Member | undefined {
    const [first, ...others] = this.members;
    const idlest = others.reduce((best, member) => (member.jobs.size < best!.jobs.size ? member : best), first);
    if (idlest !== undefined && idlest.jobs.size === 0) return idlest;
    if (this.members.length < this.options.workers) return this.hire();
    return idlest !== undefined && idlest.jobs.size < JOBS_A_WORKER ? idlest : undefined;
  }

  private hire(): Member {
    const { module, makeTask, entry = new URL('./worker-entry.js', import.meta.url), mostMegabytes } = this.options;
    const start: WorkerStart = { module, makeTask };
    const most = mostMegabytes === undefined ? {} : { maxOldGenerationSizeMb: mostMegabytes };
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MEGABYTES, ...most };
    const member: Member = { thread: new Worker(entry, { workerData: start, resourceLimits }), jobs: new Set() };
    this.members.push(member);
    member.thread.on('message', (report: Report) => this.hear(member, report));
    member.thread.on('error', (cause) => this.lose(reasonOf(cause), cause));
    member.thread.on('messageerror', (cause) => this.lose('what it sent cannot be read', cause));
    member.thread.on('exit', (code) => this.lose(`it ended with exit code ${code}`));
    return member;
  }

  private hear(member: Member, report: Report): void {
    const job = this.byNumber.get(report.job)!;
    if ('output' in report) {
      job.add(report.output as Output);
      return;
    }
    this.byNumber.delete(report.job);
    member.jobs.delete(job);
    if ('failed' in report) job.fail(Object.assign(new Error(report.failed.message), { stack: report.failed.stack }));
    else job.finish();
    try {
      this.giveOut();
    } catch (cause) {
      this.failAll(cause as Error); // the inputs cannot be had
    }
  }

  private lose(reason: string, cause?: unknown): void {
    if (this.dismissed) return;
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
