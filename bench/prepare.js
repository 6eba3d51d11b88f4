// MIDI files to chunks: files a second by the clock, from the first look at the folder to the finished dataset and from the
// start of the program to its end; whether memory grows with their number; and how much faster that is than Python's mido
// on the same files, whose rolls must equal ours.
//   npm run bench -- prepare [--corpus folder] [--turns 3] [--mido "python3"]
// --mido names a Python that has mido; without it, or where it has none, the comparison is left out.
import { Buffer } from 'node:buffer';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { spawnSync } from 'node:child_process';
import { loadMain } from '../bin/program.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEFAULT_CORPUS = fileURLToPath(new URL('../../shared/data/nottingham', import.meta.url));
const FEW = 2500; // so many that the heap has found its size
const MANY = 20_000;

/** @param {{corpus?: string, turns?: string, mido?: string}} options as typed; `corpus` is a folder of MIDI files */
export async function bench({ corpus = DEFAULT_CORPUS, turns = '3', mido = 'python3' } = {}) {
  const scratch = mkdtempSync(join(tmpdir(), 'apollo-bench-'));
  try {
    const [few, many] = [FEW, MANY].map((count) => repeatCorpus(corpus, join(scratch, String(count)), count));
    const runs = { inside: [], few: [], many: [], alone: [], tunes: [] };
    for (let turn = 0; turn < Number(turns); turn++) {
      runs.many.push(prepare(many, join(scratch, 'set')));
      runs.inside.push(useCaseSeconds(many, join(scratch, 'set')));
      if (turn < 2) {
        runs.alone.push(prepare(many, join(scratch, 'set'), '--workers', '0'));
        runs.few.push(prepare(few, join(scratch, 'set')));
      }
      runs.tunes.push(prepare(corpus, join(scratch, 'tunes')));
    }
    const digests = new Set([...runs.many, ...runs.alone].map((run) => run.digest));
    if (digests.size !== 1) throw new Error('the workers made another dataset than the program alone');
    const result = ourFigures(runs);
    const compared = againstMido(mido, corpus, scratch, runs);
    return { figures: [...result.figures, ...compared.figures], lines: [...result.lines, ...compared.lines] };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function ourFigures({ inside, few, many, alone }) {
  const [rate, single] = [many, alone].map((runs) => Math.round(MANY / median(runs.map((run) => run.seconds))));
  const best = Math.round(MANY / Math.min(...many.map((run) => run.seconds)));
  const [cpu, cpuAlone] = [many, alone].map((runs) => hundredths(median(runs.map((run) => run.cpuSeconds))));
  const useCase = Math.round(MANY / median(inside));
  const cores = availableParallelism();
  const [fewMb, manyMb, aloneMb] = [few, many, alone].map((runs) => median(runs.map((run) => run.megabytes)));
  const each = Math.round(((manyMb - fewMb) * 1000) / (MANY - FEW));
  return {
    figures: [
      { name: `prepare, ${MANY} files to chunks, ${cores} cores`, value: useCase, unit: 'files/s', goal: '>= 8000' },
      { name: 'prepare, the same, whole program', value: rate, unit: 'files/s', goal: '' },
      { name: `prepare, ${MANY} files, --workers 0`, value: single, unit: 'files/s', goal: '' },
      { name: 'prepare, gain of the workers', value: hundredths(rate / single), unit: 'times', goal: '' },
      { name: `peak memory, ${FEW} files`, value: fewMb, unit: 'MB', goal: '' },
      { name: `peak memory, ${MANY} files`, value: manyMb, unit: 'MB', goal: '< 350' },
      { name: 'memory for each file more', value: each, unit: 'kB', goal: '< 5' },
    ],
    lines: [
      `prepare: ${MANY} files to chunks, median of ${inside.length} runs: ${useCase} files/s, best ${Math.round(MANY / Math.min(...inside))}`,
      `prepare: ${MANY} files, start and end of the program included, median of ${many.length} runs: ${rate} files/s (best ${best}) on ${cores} cores, ${single} with --workers 0`,
      `prepare: processor time of the ${MANY} files: ${cpu} s on all cores together, ${cpuAlone} s with --workers 0`,
      `prepare: peak memory ${fewMb} MB with ${FEW} files, ${manyMb} MB with ${MANY}, of which ${aloneMb} MB without workers: ${each} kB for each file more`,
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

/** Seconds of the use case in a process of its own, cold, wired as the program is: finding, workers, chunks, manifest. */
function useCaseSeconds(folder, out) {
  const args = [fileURLToPath(import.meta.url), '--use-case', folder, out];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`prepare failed: ${stderr}`);
  return Number(stdout);
}

async function timeUseCase(folder, out) {
  const { buildContainer } = await import('../dist/bundle/build-container.js');
  const { DEFAULT_ROLL_FORMAT } = await import('../dist/domain/roll/roll-format.js');
  const container = await buildContainer({
    root: ROOT,
    quiet: true,
    terminal: process.stderr,
    color: false,
    onSignal() {},
  });
  const prepare = await container.getAsync('prepare');
  const begun = performance.now();
  await prepare({
    source: { kind: 'midi', paths: [folder] },
    out,
    format: DEFAULT_ROLL_FORMAT,
    preparation: { windows: 'all', layback: 1, transpose: { from: 0, to: 0 }, fold: false },
    replace: true,
    strict: false,
    limitBytes: 2 ** 26,
  });
  return (performance.now() - begun) / 1000;
}

/** The same files by mido into the same rolls: equal bytes, or there is no ratio. */
function againstMido(command, corpus, scratch, { many, tunes }) {
  const [program, ...words] = command.split(' ');
  const script = fileURLToPath(new URL('prepare_mido.py', import.meta.url));
  const out = join(scratch, 'mido.rolls');
  const begun = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, [...words, script, corpus, out], { encoding: 'utf8' });
  const seconds = (performance.now() - begun) / 1000;
  if (status !== 0) {
    const reason = error?.message ?? String(stderr).trim().split('\n').at(-1);
    return {
      figures: [],
      lines: [`prepare: mido was not measured (${reason}); name a Python that has it with --mido`],
    };
  }
  const { files, rolls, seconds: inside } = JSON.parse(stdout);
  const equal = readFileSync(out).equals(rollBytes(join(scratch, 'tunes')));
  if (!equal) throw new Error(`mido's ${rolls} rolls of ${files} files are not ours`);
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
      `prepare: mido makes the same ${rolls} rolls of ${files} files, byte for byte, at ${Math.round(theirs)} files/s without the start of Python`,
      `prepare: the same ${files} files by the clock, starts included: ours ${hundredths(files / ours)} s, mido ${hundredths(seconds)} s`,
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

const hundredths = (value) => Math.round(value * 100) / 100;

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
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
