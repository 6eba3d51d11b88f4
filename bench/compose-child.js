// Measures parts of bench/compose.js, each in a process of its own, and prints one line of JSON.
//   node bench/compose-child.js many MODEL COUNT OUT    tunes on disk: milliseconds, those in the model, peak memory
//   node bench/compose-child.js generate DEPTH RUNS     the generator alone: median milliseconds of batches of 1 and 64
import { createNodeFileStore } from '../dist/adapters/node-files/node-file-store.js';
import { sha256 } from '../dist/adapters/node-platform/sha256.js';
import { createGeneratorRuntime } from '../dist/adapters/onnx/session/generator-runtime.js';
import { createCompose } from '../dist/app/compose/compose.js';
import { openTuneWriter } from '../dist/app/wiring/threads.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { sizeOf } from '../dist/domain/tensor/tensor.js';
import { randomGenerator } from './random-generator.js';
import { median } from './statistics.js';

const [measurement, ...args] = process.argv.slice(2);
const measured =
  measurement === 'many'
    ? await many(args[0], Number(args[1]), args[2])
    : await generate(Number(args[0]), Number(args[1]));
process.stdout.write(JSON.stringify(measured));

/** Composes many tunes as the program does: the model in this thread, the tune writer in another. */
async function many(model, count, out) {
  const runtime = createGeneratorRuntime({ digest: sha256 });
  let inModel = 0;
  const timed =
    (run) =>
    async (...args) => {
      const start = performance.now();
      const result = await run(...args);
      inModel += performance.now() - start;
      return result;
    };
  const compose = createCompose({
    files: createNodeFileStore(),
    runtime: {
      async load(...args) {
        const generator = await runtime.load(...args);
        return { ...generator, generateCells: timed(generator.generateCells), generate: timed(generator.generate) };
      },
    },
    openTuneWriter: () => openTuneWriter(true),
    console: { say() {}, warn() {}, progress() {} },
    signal: { aborted: false },
  });
  const start = performance.now();
  await compose({ model, count, seed: 1, out, device: 'cpu', replace: true, qpm: 120, program: 0 });
  const milliseconds = performance.now() - start;
  return { milliseconds, inModel, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) };
}

/** @param runs batches of 64; four times as many of 1 */
async function generate(depth, runs) {
  const { bytes, shape } = await randomGenerator(depth);
  const generator = await createGeneratorRuntime({ digest: sha256 }).load(bytes, 'cpu');
  const measured = {};
  for (const count of [1, 64]) {
    const noise = normals(randomStream(1, 'noise'), count * sizeOf(shape));
    const times = [];
    for (let run = 0; run <= (count === 1 ? 4 * runs : runs); run++) {
      const start = performance.now();
      await generator.generate(noise, count);
      if (run > 0) times.push(performance.now() - start);
    }
    measured[count] = median(times);
  }
  await generator.release();
  return measured;
}
