// Every benchmark in its turn, with an eye on the clock.
import { spawn } from 'node:child_process';
import { clearTimeout, setTimeout } from 'node:timers';
import { toArguments } from './options.js';

/**
 * One after the other, each in a process of its own that is ended when its time is up. Time that one leaves, the next may take.
 * @param benchmarks {name, seconds, quick}, see options.js
 * @param options for all of them, as typed
 * @param program a script that takes a benchmark's name, --json and options, and prints its rows as JSON
 * @returns the rows of all; of one that gave none, a row that says why
 */
export async function runAll(benchmarks, options, program) {
  const rows = [];
  let end = performance.now();
  for (const { name, seconds, quick } of benchmarks) {
    end += seconds * 1000;
    process.stderr.write(`bench: ${name}\n`);
    rows.push(...(await inChild(program, name, { ...quick, ...options }, end - performance.now())));
  }
  return rows;
}

function inChild(program, name, options, milliseconds) {
  return new Promise((resolve) => {
    // A group of its own, to end the processes that it starts with it.
    const child = spawn(process.execPath, [program, name, '--json', ...toArguments(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const end = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // it has ended by itself
      }
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end();
    }, milliseconds);
    const stop = () => {
      end();
      process.exit(130);
    };
    process.once('SIGINT', stop);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part) => (text += part));
    child.on('error', (error) => (text = JSON.stringify([{ name, failed: error.message }])));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      process.off('SIGINT', stop);
      if (late) return resolve([{ name, failed: `not done within ${Math.round(milliseconds / 1000)} s` }]);
      resolve(rowsIn(text) ?? [{ name, failed: `it ended with ${signal ?? `exit code ${code}`}` }]);
    });
  });
}

function rowsIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
