import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

/** How a run of the program ended. */
export interface ProcessResult {
  /** Exit code, or the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

interface StartOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The built program, as a user starts it. */
export const PROGRAM = resolve('bin/apollo.js');

/** Runs the built program to its end. */
export async function runApollo(args: readonly string[], start: StartOptions): Promise<ProcessResult> {
  return (await startApollo(args, start)).ended;
}

/** Starts the built program; `ended` resolves when it is over. */
export async function startApollo(
  args: readonly string[],
  { cwd, env = {} }: StartOptions,
): Promise<{
  readonly process: ChildProcess;
  readonly ended: Promise<ProcessResult>;
  until(text: string): Promise<void>;
}> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
  const heard = { stdout: '', stderr: '' };
  const waiting: { readonly text: string; readonly done: () => void }[] = [];
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      heard[name] += part;
      for (const { text, done } of waiting) if (heard[name].includes(text)) done();
    });
  }
  child.stdin.end();
  const ended = new Promise<ProcessResult>((done, fail) => {
    child.on('error', fail).on('close', (code, signal) => done({ code: code ?? signal ?? 'nothing', ...heard }));
  });
  const until = (text: string): Promise<void> =>
    new Promise((done, fail) => {
      waiting.push({ text, done });
      void ended.then((end) => fail(new Error(`never said ${text}: ${JSON.stringify(end)}`)), fail);
    });
  return { process: child, ended, until };
}

/** Runs `work` for all items, three at a time: a start takes a core for a while. */
export async function mapConcurrently<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i]!);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  return results;
}

/** The lines of a text that ends with a line end. */
export const linesOf = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n');

/** The JSON object on the last line. */
export const lastJson = (stdout: string): unknown => JSON.parse(linesOf(stdout).at(-1)!);
