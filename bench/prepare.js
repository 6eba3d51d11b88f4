// MIDI files to chunks: files a second of the use case and of the whole program, peak memory by number of files, and a
// comparison with Python's mido, whose rolls must equal ours.
//   npm run bench -- prepare [--corpus folder] [--turns 3] [--mido "python3"]
// --mido names a Python with mido installed, by default python3; without mido the comparison is left out.
import { Buffer } from 'node:buffer';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { spawnSync } from 'node:child_process';
import { loadMain } from '../bin/program.js';
import { hundredths, median } from './statistics.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEFAULT_CORPUS = fileURLToPath(new URL('../../shared/data/nottingham', import.meta.url));
const FEW = 2500; // enough for the heap to reach its size
const MANY = 20_000;

/** @param {{corpus?: string, turns?: string, mido?: string}} options as text; `corpus` is a folder of MIDI files */
export async function bench({ corpus = DEFAULT_CORPUS, turns = '3', mido = 'python3' } = {}) {
  const scratch = mkdtempSync(join(tmpdir(), 'apollo-bench-'));
  try {
    const [few, many] = [FEW, MANY].map((count) => repeatCorpus(corpus, join(scratch, String(count)), count));
    const runs = { useCase: [], few: [], many: [], withoutWorkers: [], tunes: [] };
    for (let turn = 0; turn < Number(turns); turn++) {
      runs.many.push(prepare(many, join(scratch, 'set')));
      runs.useCase.push(useCaseSeconds(many, join(scratch, 'set')));
      if (turn < 2) {
        runs.withoutWorkers.push(prepare(many, join(scratch, 'set'), '--workers', '0'));
        runs.few.push(prepare(few, join(scratch, 'set')));
      }
      runs.tunes.push(prepare(corpus, join(scratch, 'tunes')));
    }
    const digests = new Set([...runs.many, ...runs.withoutWorkers].map((run) => run.digest));
    if (digests.size !== 1) throw new Error('the datasets made with and without workers differ');
    const ours = ownResults(runs);
    const compared = compareWithMido(mido, corpus, scratch, runs);
    return { figures: [...ours.figures, ...compared.figures], lines: [...ours.lines, ...compared.lines] };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function ownResults({ useCase, few, many, withoutWorkers }) {
  const filesPerSecond = (runs) => Math.round(MANY / median(runs.map((run) => run.seconds)));
  const [rate, single] = [many, withoutWorkers].map(filesPerSecond);
  const best = Math.round(MANY / Math.min(...many.map((run) => run.seconds)));
  const [cpu, singleCpu] = [many, withoutWorkers].map((runs) => hundredths(median(runs.map((run) => run.cpuSeconds))));
  const useCaseRate = Math.round(MANY / median(useCase));
  const cores = availableParallelism();
  const [fewMb, manyMb, singleMb] = [few, many, withoutWorkers].map((runs) => median(runs.map((run) => run.megabytes)));
  const each = Math.round(((manyMb - fewMb) * 1000) / (MANY - FEW));
  return {
    figures: [
      {
        name: `prepare, ${MANY} files to chunks, ${cores} cores`,
        value: useCaseRate,
        unit: 'files/s',
        goal: '>= 8000',
      },
      { name: 'prepare, the same, whole program', value: rate, unit: 'files/s', goal: '' },
      { name: `prepare, ${MANY} files, --workers 0`, value: single, unit: 'files/s', goal: '' },
      { name: 'prepare, speedup by workers', value: hundredths(rate / single), unit: 'times', goal: '' },
      { name: `peak memory, ${FEW} files`, value: fewMb, unit: 'MB', goal: '' },
      { name: `peak memory, ${MANY} files`, value: manyMb, unit: 'MB', goal: '< 350' },
      { name: 'memory for each additional file', value: each, unit: 'kB', goal: '< 5' },
    ],
    lines: [
      `prepare: ${MANY} files to chunks, median of ${useCase.length} runs: ${useCaseRate} files/s, ` +
        `best ${Math.round(MANY / Math.min(...useCase))}`,
      `prepare: ${MANY} files by the whole program, median of ${many.length} runs: ` +
        `${rate} files/s (best ${best}) on ${cores} cores, ${single} with --workers 0`,
      `prepare: processor time of the ${MANY} files: ${cpu} s on all cores together, ${singleCpu} s with --workers 0`,
      `prepare: peak memory ${fewMb} MB with ${FEW} files, ${manyMb} MB with ${MANY} ` +
        `(${singleMb} MB without workers): ${each} kB for each additional file`,
    ],
  };
}

/** Runs the program as bin/apollo.js does, in a process of its own. */
function prepare(folder, out, ...more) {
  const args = [
    fileURLToPath(import.meta.url),
    '--child',
    'prepare',
    folder,
    '--out',
    out,
    '--force',
    '--quiet',
    ...more,
  ];
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const seconds = (performance.now() - begun) / 1000;
  if (status !== 0) throw new Error(`prepare failed: ${stderr}`);
  const { maxRSS, cpuSeconds } = JSON.parse(stderr);
  return { seconds, cpuSeconds, megabytes: Math.round(maxRSS / 1024), digest: /digest (\w+)/.exec(stdout)?.[1] };
}

/** The seconds of the use case in a new process: finding files, workers, chunks, manifest. */
function useCaseSeconds(folder, out) {
  const args = [fileURLToPath(import.meta.url), '--use-case', folder, out];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`prepare failed: ${stderr}`);
  return Number(stdout);
}

async function timeUseCase(folder, out) {
  const { createServiceProvider } = await import('../dist/bundle/build-container.js');
  const { DEFAULT_ROLL_FORMAT } = await import('../dist/domain/roll/roll-format.js');
  const options = { root: ROOT, quiet: true, terminal: process.stderr, color: false, onSignal() {} };
  const service = await createServiceProvider(options);
  const prepare = await service('prepare');
  const begun = performance.now();
  await prepare({
    input: { kind: 'midi', paths: [folder] },
    out,
    format: DEFAULT_ROLL_FORMAT,
    preparation: { windows: 'all', layback: 1, transpose: { from: 0, to: 0 }, fold: false },
    replace: true,
    strict: false,
    limitBytes: 2 ** 26,
  });
  return (performance.now() - begun) / 1000;
}

/** Prepares the same files with mido. @throws Error when its rolls are not the same bytes as ours */
function compareWithMido(command, corpus, scratch, { many, tunes }) {
  const [program, ...args] = command.split(' ');
  const script = fileURLToPath(new URL('prepare_mido.py', import.meta.url));
  const out = join(scratch, 'mido.rolls');
  const begun = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, [...args, script, corpus, out], { encoding: 'utf8' });
  const seconds = (performance.now() - begun) / 1000;
  if (status !== 0) {
    const reason = error?.message ?? String(stderr).trim().split('\n').at(-1);
    return {
      figures: [],
      lines: [`prepare: mido was not measured (${reason}); give a Python that has it with --mido`],
    };
  }
  const { files, rolls, seconds: inside } = JSON.parse(stdout);
  const equal = readFileSync(out).equals(rollBytes(join(scratch, 'tunes')));
  if (!equal) throw new Error(`mido's ${rolls} rolls of ${files} files differ from ours`);
  const theirs = files / inside;
  const ours = files / median(tunes.map((run) => run.seconds));
  const large = MANY / median(many.map((run) => run.seconds));
  return {
    figures: [
      { name: `mido, ${files} files into the same rolls`, value: Math.round(theirs), unit: 'files/s', goal: '' },
      {
        name: `prepare over mido, ${files} files`,
        value: hundredths((ours * seconds) / files),
        unit: 'times',
        goal: '',
      },
      { name: `prepare over mido, ${MANY} files`, value: hundredths(large / theirs), unit: 'times', goal: '> 1' },
    ],
    lines: [
      `prepare: mido makes the same ${rolls} rolls of ${files} files, byte for byte, ` +
        `at ${Math.round(theirs)} files/s without the start of Python`,
      `prepare: the same ${files} files including the start of the program: ours ${hundredths(files / ours)} s, ` +
        `mido ${hundredths(seconds)} s`,
    ],
  };
}

/** The rolls of a dataset without the headers of its chunks. */
function rollBytes(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.npy'));
  return Buffer.concat(
    names.sort().map((name) => {
      const bytes = readFileSync(join(folder, name));
      return bytes.subarray(10 + bytes.readUInt16LE(8)); // NumPy's format 1.0
    }),
  );
}

function repeatCorpus(corpus, folder, count) {
  const names = readdirSync(corpus).filter((name) => name.endsWith('.mid'));
  mkdirSync(folder);
  for (let i = 0; i < count; i++) {
    copyFileSync(join(corpus, names[i % names.length]), join(folder, `${String(i).padStart(5, '0')}.mid`));
  }
  return folder;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , first, ...args] = process.argv;
  if (first === '--use-case') {
    process.stdout.write(String(await timeUseCase(...args)));
  } else if (first === '--child') {
    const main = await loadMain();
    process.exitCode = await main(args, { version: 'bench', root: ROOT });
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    process.stderr.write(JSON.stringify({ maxRSS, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }));
  } else {
    const { lines } = await bench(first === undefined ? {} : { corpus: first });
    for (const line of lines) process.stdout.write(`${line}\n`);
  }
}
