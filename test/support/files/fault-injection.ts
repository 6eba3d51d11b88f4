import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessResult } from '../run-apollo.js';

/** Runs a program to its end. */
export function runTool(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<ProcessResult> {
  const { cwd, env } = options;
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (heard.stderr += text));
  return new Promise((done, fail) => {
    child.on('error', (cause) => fail(new Error(`these tests need ${command}: ${cause.message}`)));
    child.on('close', (code, signal) => done({ code: code ?? signal ?? 'nothing', ...heard }));
  });
}

/** What may go wrong, in the words of strace's option `-e inject`. */
export type Fault = 'signal=KILL' | 'error=EIO' | 'error=ENOSPC';

/**
 * Starts a program that prints `ready`, waits for its stdin to end, and then works. Injects a fault into the `when`th
 * system call of each given kind. strace counts per kind and thread, so Node gets a single file thread.
 */
export async function runWithFault(
  fault: Fault,
  calls: string,
  when: number,
  program: readonly string[],
  cwd: string,
): Promise<ProcessResult & { readonly injected: boolean }> {
  const child = spawn(process.execPath, program, { cwd, env: { ...process.env, UV_THREADPOOL_SIZE: '1' } });
  const heard = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (heard.stderr += text));
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  const trace = ['-f', '-p', String(child.pid), '-e', `trace=${calls}`, '-e', `inject=${calls}:${fault}:when=${when}`];
  const tracer = spawn('strace', trace, { stdio: ['ignore', 'ignore', 'pipe'] });
  const tracing = once(tracer, 'close');
  let told = '';
  await new Promise<void>((attached, fail) => {
    tracer.on('error', (cause) => fail(new Error(`these tests need strace: ${cause.message}`)));
    tracer.on('close', () => fail(new Error(`strace ended: ${told}`)));
    tracer.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      if (told.includes('attached')) attached();
    });
  });
  child.stdin.end();
  const [code, signal] = (await closed) as [number | null, string | null];
  await tracing;
  const ended = {
    code: code ?? signal ?? 'nothing',
    stderr: heard.stderr,
    stdout: heard.stdout.replace('ready\n', ''),
  };
  return { ...ended, injected: told.includes('(INJECTED)') || ended.code === 'SIGKILL' };
}

/** Path and SHA-256 of every file below a folder. */
export function fileDigests(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true }).map(String).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(
    files.map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex'),
    ]),
  );
}

/** Hidden files that a write leaves only when it is killed. */
export const leftovers = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => path.includes('.apollo-'));
