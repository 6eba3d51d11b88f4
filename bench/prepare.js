// MIDI files to chunks: files a second on one core, and whether memory grows with their number.
//   npm run bench -- prepare        or, after a build, node bench/prepare.js [folder]
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { spawnSync } from 'node:child_process';
import { makeStandardMidiReader } from '../dist/adapters/midi/standard-midi-reader.js';
import { makeNodeDatasetStore } from '../dist/adapters/files/node-dataset-store.js';
import { makeNodeMidiLibrary } from '../dist/adapters/files/node-midi-library.js';
import { sha256 } from '../dist/adapters/files/sha256.js';
import { makeFindTunes } from '../dist/app/find-tunes.js';
import { makePrepare } from '../dist/app/prepare.js';
import { DEFAULT_ROLL_FORMAT } from '../dist/domain/music/roll-format.js';

const DEFAULT_CORPUS = new URL('../../shared/data/nottingham', import.meta.url).pathname;
const RUNS = 9;
const FEW = 2500; // so many that the heap has found its size
const MANY = 10_000;

/** @param {{corpus?: string}} options a folder of MIDI files */
export async function bench({ corpus = DEFAULT_CORPUS } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-bench-'));
  try {
    const runs = [];
    for (let run = 0; run < RUNS; run++) runs.push(await timed(corpus, join(folder, 'set')));
    const { files } = runs[0];
    const warm = runs.slice(1);
    const rate = files / median(warm.map((run) => run.seconds));
    const cpuRate = files / median(warm.map((run) => run.cpuSeconds));
    const few = peakMegabytes(repeated(corpus, join(folder, 'few'), FEW), join(folder, 'few-set'));
    const many = peakMegabytes(repeated(corpus, join(folder, 'many'), MANY), join(folder, 'many-set'));
    const each = Math.round(((many - few) * 1000) / (MANY - FEW));
    return {
      figures: [
        { name: 'prepare, wall time', value: Math.round(rate), unit: 'files/s', goal: '>= 2000' },
        { name: 'prepare, processor time', value: Math.round(cpuRate), unit: 'files/s', goal: '>= 2000' },
        { name: `peak memory, ${FEW} files`, value: few, unit: 'MB', goal: '' },
        { name: `peak memory, ${MANY} files`, value: many, unit: 'MB', goal: '< 350' },
        { name: 'memory for each file more', value: each, unit: 'kB', goal: '< 10' },
      ],
      lines: [
        `prepare: ${files} files, median of ${warm.length} runs after the first: ${Math.round(rate)} files/s by the clock, ${Math.round(cpuRate)} by processor time`,
        `prepare: the first run, cold: ${Math.round(files / runs[0].seconds)} files/s`,
        `prepare: peak memory ${few} MB with ${FEW} files, ${many} MB with ${MANY}: ${each} kB for each file more`,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(corpus, out) {
  const console = { say() {}, warn() {}, progress() {} };
  const findTunes = makeFindTunes(makeNodeMidiLibrary(), makeStandardMidiReader(), sha256);
  const prepare = makePrepare(findTunes, makeNodeDatasetStore(), console, { requested: false });
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  const { manifest } = await prepare({
    source: { kind: 'midi', paths: [corpus] },
    out,
    format: DEFAULT_ROLL_FORMAT,
    preparation: { windows: 'all', layback: 1, transpose: { from: 0, to: 0 }, fold: false },
    replace: true,
    strict: false,
    limitBytes: 64 * 2 ** 20,
  });
  const { user, system } = process.cpuUsage(cpuStart);
  return {
    files: manifest.sources.length,
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
  };
}

function repeated(corpus, folder, count) {
  const names = readdirSync(corpus).filter((name) => name.endsWith('.mid'));
  mkdirSync(folder);
  for (let i = 0; i < count; i++) {
    copyFileSync(join(corpus, names[i % names.length]), join(folder, `${String(i).padStart(5, '0')}.mid`));
  }
  return folder;
}

/** The most memory that a process of its own held while it prepared a folder. */
function peakMegabytes(corpus, out) {
  const child = spawnSync(process.execPath, [new URL(import.meta.url).pathname, '--peak', corpus, out], {
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return Math.round(Number(child.stdout) / 1024);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , first, corpus, out] = process.argv;
  if (first === '--peak') {
    await timed(corpus, out);
    process.stdout.write(String(process.resourceUsage().maxRSS));
  } else {
    const { lines } = await bench(first === undefined ? {} : { corpus: first });
    for (const line of lines) process.stdout.write(`${line}\n`);
  }
}
