// Models with smaller weights beside the same in float32: the file, one tune's time in turns, and the cells of tunes that change.
//   npm run bench -- precision [--model some.onnx] [--turns 3]
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeGeneratorRuntime } from '../dist/adapters/onnx/generator-runtime.js';
import { onnxModelFormat } from '../dist/adapters/onnx/model-format.js';
import { describeLoss, measurePrecision } from '../dist/app/measure-precision.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { sizeOf } from '../dist/domain/tensor/tensor.js';

const SHIPPED = ['dcgan-a', 'apollo'].map((name) => fileURLToPath(new URL(`../models/${name}.onnx`, import.meta.url)));
const RUNS = 30;
const runtime = makeGeneratorRuntime();

/** @param {{model?: string, turns?: string}} options a model file, by default those that come along */
export async function bench({ model, turns = '3' } = {}) {
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
    const unmeasured = { weights, tunes: 0, cells: 0, changed: 0, mostInATune: 0, largestError: 0 };
    const small = onnxModelFormat.encodeGenerator(program, { ...metadata, precision: unmeasured });
    const loss = await measurePrecision(runtime, weights, exact, small);
    const times = { exact: [], small: [] };
    for (let turn = 0; turn < turns; turn++) {
      times.exact.push(...(await tuneTimes(exact)));
      times.small.push(...(await tuneTimes(small)));
    }
    const [before, after] = [median(times.exact), median(times.small)];
    const percent = Number(((100 * loss.changed) / loss.cells).toPrecision(2));
    figures.push(
      {
        name: `${weights} of ${name}, bytes over float32's`,
        value: small.length,
        unit: 'bytes',
        ratio: hundredths(small.length / exact.length),
        goal: weights === 'fp16' ? '<= 0.55' : '<= 0.3',
      },
      {
        name: `${weights} of ${name}, a tune's time over float32's`,
        value: hundredths(after),
        unit: 'ms',
        ratio: hundredths(after / before),
        goal: '<= 1.1',
      },
      { name: `${weights} of ${name}, cells that change`, value: percent, unit: '%', goal: '' },
    );
    lines.push(`precision: ${name}: ${describeLoss(loss)}`);
  }
  return { figures, lines };
}

async function tuneTimes(model) {
  const generator = await runtime.load(model, 'cpu');
  const noise = normals(randomStream(1, 'noise'), sizeOf(generator.metadata.noiseShape));
  const times = [];
  for (let run = -3; run < RUNS; run++) {
    const start = performance.now();
    await generator.generate(noise, 1);
    if (run >= 0) times.push(performance.now() - start);
  }
  await generator.release();
  return times;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const hundredths = (value) => Math.round(value * 100) / 100;
