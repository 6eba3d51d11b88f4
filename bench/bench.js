// npm run bench                    runs every benchmark, in under ten minutes, and prints one table
// npm run bench -- NAME ...        runs one of them for as long as it takes, with its own options
//   --out FILE.md     writes the table to a file as well; --json prints the figures as JSON instead
//   --torch "python3 some/torch_gan_step.py", --mido "python3": other programs to compare with, where a benchmark can
// Exit code 1 when a benchmark failed, which the table says; 2 for words that make no sense.
import { spawn } from 'node:child_process';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { BENCHMARKS, readWords, wordsOf, WrongUse } from './options.js';
import { tableOf, thisMachine } from './table.js';

const SELF = fileURLToPath(import.meta.url);

try {
  const { benchmark, options, out, json } = readWords(process.argv.slice(2));
  if (out !== undefined) checkPlace(out);
  const rows = benchmark === undefined ? await runAll(options) : await runHere(benchmark.name, options);
  const text = json ? `${JSON.stringify(rows)}\n` : tableOf(rows, thisMachine());
  if (out !== undefined) writeWhole(out, tableOf(rows, thisMachine()));
  process.stdout.write(text);
  if (rows.some(({ failed }) => failed !== undefined)) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = error instanceof WrongUse ? 2 : 1;
}

async function runHere(name, options) {
  try {
    const { bench } = await import(`./${name}.js`);
    const { figures, lines } = await bench(options);
    for (const line of lines) process.stderr.write(`${line}\n`);
    return figures;
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
    return [{ name, failed: error.message }];
  }
}

/** One after the other, each in a process of its own that is ended when its time is up. Time that one leaves, the next may take. */
async function runAll(options) {
  const rows = [];
  let end = performance.now();
  for (const { name, seconds, quick } of BENCHMARKS) {
    end += seconds * 1000;
    process.stderr.write(`bench: ${name}\n`);
    rows.push(...(await inChild(name, { ...quick, ...options }, end - performance.now())));
  }
  return rows;
}

function inChild(name, options, milliseconds) {
  return new Promise((resolve) => {
    // A group of its own, to end the processes that it starts with it.
    const child = spawn(process.execPath, [SELF, name, '--json', ...wordsOf(options)], {
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

/** Before minutes are spent on a table that has no place to go. */
function checkPlace(path) {
  const folder = dirname(resolve(path));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new WrongUse(`--out needs a file in a folder that is there, got "${path}"`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new WrongUse(`--out needs the name of a file, got the folder "${path}"`);
  }
}

function writeWhole(path, text) {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new Error(`cannot write ${path}: ${error.message}`, { cause: error });
  }
}
