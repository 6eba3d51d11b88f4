// Models with smaller weights beside the same in float32: the file, the time of 1 and 64 tunes in turns, and the cells of tunes that change.
//   npm run bench -- precision [--model some.onnx] [--turns 9]
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGeneratorRuntime } from '../dist/adapters/onnx/session/generator-runtime.js';
import { onnxModelFormat } from '../dist/adapters/onnx/model/model-format.js';
import { describePrecisionLoss } from '../dist/app/models/describe.js';
import { measurePrecisionLoss } from '../dist/app/models/measure-precision-loss.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { sizeOf } from '../dist/domain/tensor/tensor.js';

const SHIPPED = ['dcgan-a', 'apollo'].map((name) => fileURLToPath(new URL(`../models/${name}.onnx`, import.meta.url)));
/** Runs of a batch in a turn, so that each takes about as long. */
const BATCHES = [
  { batch: 1, runs: 20 },
  { batch: 64, runs: 1 },
];
const runtime = createGeneratorRuntime();

/** @param {{model?: string, turns?: string}} options a model file, by default those that come along */
export async function bench({ model, turns = '9' } = {}) {
  const parts = [];
  for (const path of model === undefined ? SHIPPED : [model]) parts.push(await ofModel(path, Number(turns)));
  return { figures: parts.flatMap(({ figures }) => figures), lines: parts.flatMap(({ lines }) => lines) };
}

async function ofModel(path, turns) {
  const exact = readFileSync(path);
  const metadata = onnxModelFormat.readMetadata(exact);
  const program = onnxModelFormat.readGenerator(exact);
  const name = `${metadata.architecture} depth ${metadata.depth}`;
  const [figures, lines] = [[], []];
  for (const weights of ['fp16', 'int8']) {
    const unmeasured = { weights, tunes: 0, cells: 0, sounding: 0, changed: 0, mostInATune: 0, largestError: 0 };
    const small = onnxModelFormat.encodeGenerator(program, { ...metadata, precision: unmeasured });
    const loss = await measurePrecisionLoss(runtime, weights, exact, small);
    const percent = Number(((100 * loss.changed) / loss.sounding).toPrecision(2));
    figures.push(
      {
        name: `${weights} of ${name}, bytes over float32's`,
        value: small.length,
        unit: 'bytes',
        ratio: hundredths(small.length / exact.length),
        goal: weights === 'fp16' ? '<= 0.55' : '<= 0.3',
      },
      ...(await interleavedSpeedup(exact, small, turns)).map(({ batch, milliseconds, ratio }) => ({
        name: `${weights} of ${name}, time of ${batch} over float32's`,
        value: hundredths(milliseconds),
        unit: 'ms',
        ratio: hundredths(ratio),
        goal: '<= 1.1',
      })),
      {
        name: `${weights} of ${name}, cells that change, beside those that sound`,
        value: percent,
        unit: '%',
        goal: '',
      },
    );
    lines.push(`precision: ${name}: ${describePrecisionLoss(loss)}`);
  }
  return { figures, lines };
}

/** The median of the turns' ratios, each of runs next to each other, whatever else the machine does meanwhile. */
async function interleavedSpeedup(exact, small, turns) {
  const generators = [await runtime.load(exact, 'cpu'), await runtime.load(small, 'cpu')];
  const found = [];
  for (const { batch, runs } of BATCHES) {
    const noise = normals(randomStream(1, 'noise'), batch * sizeOf(generators[0].metadata.noiseShape));
    const pairs = [];
    // The first warms up; who comes first changes.
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
    found.push({ batch, milliseconds: median(pairs.map(([, after]) => after)), ratio });
  }
  for (const generator of generators) await generator.release();
  return found;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const hundredths = (value) => Math.round(value * 100) / 100;
