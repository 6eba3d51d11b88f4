// Noise to tunes: milliseconds a tune with everything loaded, and cold starts of the program as a user runs it.
//   npm run bench -- compose        or, after a build, node bench/compose.js [model.onnx]
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { makeNodeFileStore } from '../dist/adapters/files/node-file-store.js';
import { makeStandardMidiWriter } from '../dist/adapters/midi/standard-midi-writer.js';
import { makeGeneratorRuntime } from '../dist/adapters/onnx/generator-runtime.js';
import { onnxModelFormat } from '../dist/adapters/onnx/model-format.js';
import { pngEncoder } from '../dist/adapters/render/png-encoder.js';
import { makeCompose } from '../dist/app/compose.js';
import { makeEngraver } from '../dist/app/engrave.js';
import { buildModel } from '../dist/domain/model/catalogue/catalogue.js';
import { generatorProgram } from '../dist/domain/model/generator-program.js';
import { noiseShape } from '../dist/domain/model/model-spec.js';
import { initialise } from '../dist/domain/model/parameters.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { sizeOf } from '../dist/domain/tensor/tensor.js';

const PROGRAM = fileURLToPath(new URL('../bin/apollo.js', import.meta.url));
const TUNES = 64;
const RUNS = 7;
const COLD_RUNS = 7;

/** @param {{model?: string}} options a model file; by default dcgan-a of depth 32 with random weights */
export async function bench({ model } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-bench-'));
  try {
    const path = model ?? (await randomModel(join(folder, 'random.onnx'), 32));
    const warm = [];
    for (let run = 0; run < RUNS; run++) warm.push(await composeMany(path, join(folder, 'warm')));
    const perTune = median(warm.map((each) => each.milliseconds)) / TUNES;
    const cold = [];
    for (let run = 0; run < COLD_RUNS; run++) cold.push(await coldStart(path, join(folder, `cold-${run}`)));
    const [first, whole] = [median(cold.map((each) => each.firstFile)), median(cold.map((each) => each.whole))];
    const { architecture, depth } = onnxModelFormat.readMetadata(readFileSync(path));
    return {
      figures: [
        {
          name: `compose, ${architecture} depth ${depth}, MIDI and PNG`,
          value: round(perTune),
          unit: 'ms/tune',
          goal: '',
        },
        { name: 'compose, cold start to first file', value: Math.round(first), unit: 'ms', goal: '< 1000' },
        { name: 'compose, cold start to the end of 4 tunes', value: Math.round(whole), unit: 'ms', goal: '< 1000' },
      ],
      lines: [
        `compose: ${TUNES} tunes by ${architecture} depth ${depth}, median of ${RUNS}: ${round(perTune)} ms a tune (${warm[0].notes} notes a tune)`,
        `compose: cold start, 4 tunes, median of ${COLD_RUNS}: first file after ${Math.round(first)} ms, end after ${Math.round(whole)} ms`,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function composeMany(model, out) {
  const compose = makeCompose({
    files: makeNodeFileStore(),
    runtime: makeGeneratorRuntime(),
    openEngraver: async () =>
      makeEngraver({ files: makeNodeFileStore(), midi: makeStandardMidiWriter(), pictures: pngEncoder }),
    console: { say() {}, warn() {}, progress() {} },
    interruption: { requested: false },
  });
  const start = performance.now();
  const request = { model, count: TUNES, seed: 1, out, device: 'cpu', replace: true, qpm: 120, program: 0 };
  const { tunes } = await compose(request);
  const milliseconds = performance.now() - start;
  return { milliseconds, notes: Math.round(tunes.reduce((sum, tune) => sum + tune.notes, 0) / TUNES) };
}

/** Starts the program and watches for its first file. */
function coldStart(model, out) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let firstFile;
    const watch = setInterval(() => {
      if (firstFile === undefined && existsSync(join(out, 'tune-0001.mid'))) firstFile = performance.now() - start;
    }, 2);
    const child = spawn(process.execPath, [PROGRAM, 'compose', '--model', model, '--out', out], { stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(watch);
      const whole = performance.now() - start;
      if (code === 0) resolve({ firstFile: firstFile ?? whole, whole });
      else reject(new Error(`apollo compose ended with ${code}`));
    });
  });
}

/** A generator whose tunes are as full as real ones: 6 % of the cells of its first tune sound. */
async function randomModel(path, depth) {
  const spec = buildModel('dcgan-a', depth);
  const program = generatorProgram(spec, 1, initialise([spec.generator], 1));
  const training = { origin: 'random weights', datasetDigest: '', rolls: 0, seed: 1, batch: 16, steps: 0, epochs: 0 };
  const metadata = {
    version: 1,
    architecture: spec.architecture,
    depth,
    noiseShape: noiseShape(spec),
    rollFormat: spec.rollFormat,
    threshold: 0.5,
    training,
    licence: 'Apache-2.0',
  };
  const generator = await makeGeneratorRuntime().load(onnxModelFormat.encodeGenerator(program, metadata), 'cpu');
  const noise = normals(randomStream(1, 'noise'), sizeOf(noiseShape(spec)));
  const sorted = (await generator.generate(noise, 1)).slice().sort();
  await generator.release();
  const threshold = sorted[Math.floor(sorted.length * 0.94)];
  writeFileSync(path, onnxModelFormat.encodeGenerator(program, { ...metadata, threshold }));
  return path;
}

const round = (value) => Math.round(value * 10) / 10;

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , model] = process.argv;
  const { lines } = await bench(model === undefined ? {} : { model });
  for (const line of lines) process.stdout.write(`${line}\n`);
}
