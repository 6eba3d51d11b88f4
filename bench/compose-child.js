// What bench/compose.js measures, each in a process of its own; prints one JSON line.
//   node bench/compose-child.js many MODEL COUNT OUT    tunes on disk: milliseconds, those in the model, peak memory
//   node bench/compose-child.js generate DEPTH RUNS     the generator alone, RUNS batches of 64 and four times as many of 1: milliseconds, the median
import { createNodeFileStore } from '../dist/adapters/node-files/node-file-store.js';
import { openTuneWriterThread } from '../dist/adapters/node-threads/tune-writer/tune-writer-thread.js';
import { createGeneratorRuntime } from '../dist/adapters/onnx/session/generator-runtime.js';
import { createCompose } from '../dist/app/compose/compose.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { sizeOf } from '../dist/domain/tensor/tensor.js';
import { randomGenerator } from './random-generator.js';

const [what, ...words] = process.argv.slice(2);
const measured =
  what === 'many'
    ? await many(words[0], Number(words[1]), words[2])
    : await generate(Number(words[0]), Number(words[1]));
process.stdout.write(JSON.stringify(measured));

/** As the program composes many tunes: the model here, what writes them in a thread. */
async function many(model, count, out) {
  const runtime = createGeneratorRuntime();
  let inModel = 0;
  const timed =
    (run) =>
    async (...given) => {
      const start = performance.now();
      const made = await run(...given);
      inModel += performance.now() - start;
      return made;
    };
  const module = new URL('../dist/app/wiring/threads.js', import.meta.url).href;
  const compose = createCompose({
    files: createNodeFileStore(),
    runtime: {
      async load(...given) {
        const generator = await runtime.load(...given);
        return { ...generator, generateCells: timed(generator.generateCells), generate: timed(generator.generate) };
      },
    },
    openEngraver: async () => openTuneWriterThread({ module, open: 'openInlineTuneWriter' }),
    console: { say() {}, warn() {}, progress() {} },
    interruption: { requested: false },
  });
  const start = performance.now();
  await compose({ model, count, seed: 1, out, device: 'cpu', replace: true, qpm: 120, program: 0 });
  const milliseconds = performance.now() - start;
  return { milliseconds, inModel, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) };
}

async function generate(depth, runs) {
  const { bytes, shape } = await randomGenerator(depth);
  const generator = await createGeneratorRuntime().load(bytes, 'cpu');
  const measured = {};
  for (const count of [1, 64]) {
    const noise = normals(randomStream(1, 'noise'), count * sizeOf(shape));
    const times = [];
    for (let run = 0; run <= (count === 1 ? 4 * runs : runs); run++) {
      const start = performance.now();
      await generator.generate(noise, count);
      if (run > 0) times.push(performance.now() - start);
    }
    measured[count] = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  }
  await generator.release();
  return measured;
}
