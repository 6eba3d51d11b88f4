// npm run bench                    runs every benchmark, in under ten minutes, and prints one table
// npm run bench -- NAME ...        runs one benchmark without a time limit, with its own options
//   --out FILE.md     also writes the table to a file
//   --json            prints the figures as JSON instead of a table
//   --torch "python3 some/torch_gan_step.py", --mido "python3": programs to compare with, for the benchmarks that can
// Exit codes: 1 when a benchmark failed (the table says which), 2 for wrong arguments.
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BENCHMARKS, parseArguments, BenchUsageError } from './options.js';
import { runAll } from './run-all.js';
import { tableOf, thisMachine } from './table.js';

const SELF = fileURLToPath(import.meta.url);

try {
  const { benchmark, options, out, json } = parseArguments(process.argv.slice(2));
  if (out !== undefined) checkOutputPath(out);
  const rows =
    benchmark === undefined ? await runAll(BENCHMARKS, options, SELF) : await runOne(benchmark.name, options);
  const text = json ? `${JSON.stringify(rows)}\n` : tableOf(rows, thisMachine());
  if (out !== undefined) writeFileAtomic(out, tableOf(rows, thisMachine()));
  process.stdout.write(text);
  if (rows.some(({ failed }) => failed !== undefined)) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = error instanceof BenchUsageError ? 2 : 1;
}

async function runOne(name, options) {
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

/** Checks before the benchmarks run, which takes minutes, that the table can be written. */
function checkOutputPath(path) {
  const folder = dirname(resolve(path));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new BenchUsageError(`--out needs a file in an existing folder, got "${path}"`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new BenchUsageError(`--out needs the name of a file, got the folder "${path}"`);
  }
}

function writeFileAtomic(path, text) {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new Error(`cannot write ${path}: ${error.message}`, { cause: error });
  }
}
