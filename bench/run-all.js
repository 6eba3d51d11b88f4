// Runs all benchmarks, each with a time limit.
import { spawn } from 'node:child_process';
import { clearTimeout, setTimeout } from 'node:timers';
import { toArguments } from './options.js';

/**
 * Runs the benchmarks one after the other, each in a process that is killed at its time limit. A benchmark may also use
 * the time that earlier ones left.
 * @param benchmarks {name, seconds, quick}, see options.js
 * @param options for all of them, as text
 * @param program a script that takes a benchmark's name, --json and options, and prints its rows as JSON
 * @returns the rows of all benchmarks; for one that failed, a row with the reason
 */
export async function runAll(benchmarks, options, program) {
  const rows = [];
  let end = performance.now();
  for (const { name, seconds, quick } of benchmarks) {
    end += seconds * 1000;
    process.stderr.write(`bench: ${name}\n`);
    rows.push(...(await runInChild(program, name, { ...quick, ...options }, end - performance.now())));
  }
  return rows;
}

function runInChild(program, name, options, milliseconds) {
  return new Promise((resolve) => {
    // A process group of its own, so that the processes that it starts are killed with it.
    const child = spawn(process.execPath, [program, name, '--json', ...toArguments(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const kill = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // it has already exited
      }
    };
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, milliseconds);
    const stop = () => {
      kill();
      process.exit(130);
    };
    process.once('SIGINT', stop);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part) => (text += part));
    child.on('error', (error) => (text = JSON.stringify([{ name, failed: error.message }])));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      process.off('SIGINT', stop);
      if (timedOut) return resolve([{ name, failed: `it took longer than ${Math.round(milliseconds / 1000)} s` }]);
      const reason = signal === null ? `it exited with code ${code}` : `it was killed by ${signal}`;
      resolve(parseRows(text) ?? [{ name, failed: reason }]);
    });
  });
}

function parseRows(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
