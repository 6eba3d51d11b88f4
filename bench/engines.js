// The training step of dcgan-a on every engine and device that works here, in turns, each in its own process, and the
// same step written with the layers and the optimizer of tfjs-node.
//   npm run bench -- engines [--depth 16,32] [--turns 3] [--steps 3] [--patience 120] [--only "tfjs cpu,tfjs layers"]
// --patience: the time limit of a process in seconds; a step that takes longer is reported as more than that.
import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createTfjsEngine } from '../dist/adapters/tfjs/tfjs-engine.js';
import { loadTfjs } from '../dist/adapters/tfjs/tfjs-library.js';
import { tfjsDeviceProbe } from '../dist/adapters/tfjs/device-probe.js';
import { onnxruntimeDeviceProbe } from '../dist/adapters/onnx/session/device-probe.js';
import { openOnnxruntimeEngine } from '../dist/adapters/onnx/session/onnxruntime-engine.js';
import { createReferenceEngine } from '../dist/adapters/reference/reference-engine.js';
import { referenceDeviceProbe } from '../dist/adapters/reference/device-probe.js';
import { buildModel } from '../dist/domain/model/catalogue/catalogue.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { initialState, trainingProgram } from '../dist/domain/training/training-program.js';
import { median } from './statistics.js';
import { runProbeScript } from '../dist/adapters/node-platform/run-probe-script.js';

const BATCH = 16;
const THREADS = 2;
const LAYERS = 'tfjs layers';

/** @param {{depth?: string, turns?: string, steps?: string, patience?: string, only?: string}} options as typed */
export async function bench({ depth = '16,32', turns = '3', steps = '3', patience = '120', only } = {}) {
  const { present, lines } = await findEngines();
  const chosen = only === undefined ? present : present.filter((each) => only.split(',').includes(each));
  const figures = [];
  for (const d of depth.split(',').map(Number)) {
    const results = new Map(chosen.map((each) => [each, []]));
    for (let turn = 0; turn < Number(turns); turn++) {
      for (const [each, runs] of results) {
        if (!runs.includes(undefined)) runs.push(runInChild(each, d, steps, Number(patience)));
      }
    }
    for (const [each, runs] of results) {
      const name = each === LAYERS ? `tfjs-node's own layers and optimizer, depth ${d}` : `${each}, depth ${d}`;
      const done = runs.filter((run) => run !== undefined);
      const step = done.length === 0 ? `> ${patience}000` : Math.round(median(done.flatMap((run) => run.milliseconds)));
      figures.push({ name: `step, ${name}`, value: step, unit: 'ms', goal: '' });
      const memory = Math.max(...done.map((run) => run.megabytes));
      if (done.length > 0) figures.push({ name: `peak memory, ${name}`, value: memory, unit: 'MB', goal: '' });
      lines.push(
        `engines: ${name}: ${done.length === 0 ? `no step within ${patience} s` : `${step} ms, ${memory} MB`}`,
      );
    }
    const [ours, theirs] = ['tfjs cpu', LAYERS].map((each) =>
      results.get(each)?.flatMap((run) => run?.milliseconds ?? []),
    );
    if (ours?.length > 0 && theirs?.length > 0) {
      const ratio = Math.round((100 * median(ours)) / median(theirs)) / 100;
      figures.push({
        name: `tfjs-node by our program over its own layers, depth ${d}`,
        value: ratio,
        unit: '',
        goal: '<= 1',
      });
    }
  }
  return { figures, lines };
}

/** The engines and devices that work here, as `name device`. */
async function findEngines() {
  const present = [];
  const lines = [];
  for (const probe of [onnxruntimeDeviceProbe(runProbeScript), tfjsDeviceProbe(runProbeScript), referenceDeviceProbe]) {
    for (const device of probe.devices) {
      const { works, reason } = await probe.attempt(device);
      if (works) present.push(`${probe.engine} ${device}`);
      else lines.push(`engines: not available: ${probe.engine} on ${device}: ${reason}`);
    }
  }
  if (present.includes('tfjs cpu')) present.splice(present.indexOf('tfjs cpu') + 1, 0, LAYERS);
  return { present, lines };
}

/** The times and the peak memory of one process; undefined when it exceeded the time limit. */
function runInChild(which, depth, steps, patience) {
  const args =
    which === LAYERS
      ? [fileURLToPath(new URL('tfjs/layers-step.js', import.meta.url)), depth, BATCH, steps]
      : [fileURLToPath(import.meta.url), which, depth, steps];
  const options = { encoding: 'utf8', timeout: patience * 1000, killSignal: 'SIGKILL' };
  const { stdout, stderr, error, signal } = spawnSync(process.execPath, args.map(String), options);
  if (error?.code === 'ETIMEDOUT' || signal === 'SIGKILL') return undefined;
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${which} at depth ${depth} failed: ${stderr}`);
  }
}

const ENGINE_FACTORIES = {
  onnxruntime: async (device) =>
    (await openOnnxruntimeEngine({ device, threads: THREADS }, onnxruntimeDeviceProbe(runProbeScript))).engine,
  tfjs: async (device) => createTfjsEngine(await loadTfjs(device, THREADS), device),
  reference: async () => createReferenceEngine(),
};

async function runSteps(which, depth, steps) {
  const [name, device] = which.split(' ');
  const engine = await ENGINE_FACTORIES[name](device);
  const spec = buildModel('dcgan-a', depth);
  const program = await engine.compile(trainingProgram(spec, BATCH));
  await program.load(initialState(spec, 1));
  const cells = randomStream(1, 'tests');
  const real = Float32Array.from({ length: BATCH * 64 * 256 }, () => (cells.below(20) === 0 ? 1 : 0));
  const feeds = new Map([
    ['real', { shape: [BATCH, 1, 64, 256], data: real }],
    ['noise', { shape: [BATCH, 7, 2, 8], data: normals(randomStream(1, 'noise'), BATCH * 7 * 2 * 8) }],
  ]);
  const milliseconds = [];
  for (let step = 0; step < steps + 1; step++) {
    const start = performance.now();
    await program.step(feeds);
    milliseconds.push(performance.now() - start);
  }
  await program.release();
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(JSON.stringify({ milliseconds: milliseconds.slice(1), megabytes }));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , which, depth, steps] = process.argv;
  await runSteps(which, Number(depth), Number(steps));
}
