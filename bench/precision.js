// Models with reduced-precision weights compared with float32: file size, time of 1 and of 64 tunes, changed cells.
//   npm run bench -- precision [--model some.onnx] [--turns 9]
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../dist/adapters/node-platform/sha256.js';
import { createGeneratorRuntime } from '../dist/adapters/onnx/session/generator-runtime.js';
import { createOnnxModelFormat } from '../dist/adapters/onnx/model/model-format.js';
import { describePrecisionLoss } from '../dist/app/models/describe.js';
import { measurePrecisionLoss } from '../dist/app/models/measure-precision-loss.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { sizeOf } from '../dist/domain/tensor/tensor.js';
import { hundredths, median } from './statistics.js';

const SHIPPED = ['dcgan-a', 'apollo'].map((name) => fileURLToPath(new URL(`../models/${name}.onnx`, import.meta.url)));
/** Runs of each batch size in a turn; both take about the same time. */
const BATCHES = [
  { batch: 1, runs: 20 },
  { batch: 64, runs: 1 },
];
const runtime = createGeneratorRuntime({ digest: sha256 });
const modelFormat = createOnnxModelFormat({ digest: sha256 });

/** @param {{model?: string, turns?: string}} options `model`: a file, by default each shipped one */
export async function bench({ model, turns = '9' } = {}) {
  const parts = [];
  for (const path of model === undefined ? SHIPPED : [model]) parts.push(await benchModel(path, Number(turns)));
  return { figures: parts.flatMap(({ figures }) => figures), lines: parts.flatMap(({ lines }) => lines) };
}

async function benchModel(path, turns) {
  const exact = readFileSync(path);
  const metadata = await modelFormat.readMetadata(exact);
  const program = await modelFormat.readGenerator(exact);
  const name = `${metadata.architecture} depth ${metadata.depth}`;
  const [figures, lines] = [[], []];
  for (const weights of ['fp16', 'int8']) {
    const unmeasured = { weights, tunes: 0, cells: 0, sounding: 0, changed: 0, mostInATune: 0, largestError: 0 };
    const reduced = await modelFormat.encodeGenerator(program, { ...metadata, precision: unmeasured });
    const loss = await measurePrecisionLoss(runtime, weights, exact, reduced);
    const percent = Number(((100 * loss.changed) / loss.sounding).toPrecision(2));
    figures.push(
      {
        name: `${weights} of ${name}, bytes over float32's`,
        value: reduced.length,
        unit: 'bytes',
        ratio: hundredths(reduced.length / exact.length),
        goal: weights === 'fp16' ? '<= 0.55' : '<= 0.3',
      },
      ...(await timeRatios(exact, reduced, turns)).map(({ batch, milliseconds, ratio }) => ({
        name: `${weights} of ${name}, time of ${batch} over float32's`,
        value: hundredths(milliseconds),
        unit: 'ms',
        ratio: hundredths(ratio),
        goal: '<= 1.1',
      })),
      {
        name: `${weights} of ${name}, changed cells over sounding ones`,
        value: percent,
        unit: '%',
        goal: '',
      },
    );
    lines.push(`precision: ${name}: ${describePrecisionLoss(loss)}`);
  }
  return { figures, lines };
}

/**
 * The median ratio of times for each batch size. Each ratio is of consecutive runs, so that other load of the machine
 * affects both.
 */
async function timeRatios(exact, reduced, turns) {
  const generators = [await runtime.load(exact, 'cpu'), await runtime.load(reduced, 'cpu')];
  const results = [];
  for (const { batch, runs } of BATCHES) {
    const noise = normals(randomStream(1, 'noise'), batch * sizeOf(generators[0].metadata.noiseShape));
    const pairs = [];
    // Turn -1 warms up. The order alternates.
    for (let turn = -1; turn < turns; turn++) {
      const times = [];
      for (const at of turn % 2 === 0 ? [0, 1] : [1, 0]) {
        const start = performance.now();
        for (let run = 0; run < runs; run++) await generators[at].generateCells(noise, batch);
        times[at] = (performance.now() - start) / runs;
      }
      if (turn >= 0) pairs.push(times);
    }
    const ratio = median(pairs.map(([before, after]) => after / before));
    results.push({ batch, milliseconds: median(pairs.map(([, after]) => after)), ratio });
  }
  for (const generator of generators) await generator.release();
  return results;
}
