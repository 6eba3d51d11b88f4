// The training step of dcgan-a, in turns with the same step in PyTorch when that is to be had.
//   npm run bench -- step [--depth 32,128] [--turns 3] [--steps 10] [--torch "python3 some/torch_gan_step.py"] [--profile]
// --torch names a script that takes --depth, --batch, --steps and --threads and prints one JSON line with
// stepMs.median; without it the ratio is left out.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { makeOnnxruntimeEngine } from '../dist/adapters/onnx/onnxruntime-engine.js';
import { buildModel } from '../dist/domain/model/catalogue/catalogue.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { initialState, trainProgram } from '../dist/domain/training/train-program.js';
import { profileStep } from './step-profile.js';

const BATCH = 16;
const THREADS = 2;
/** The share of PyTorch's time that a step may take. */
const GOALS = { 32: 1.6, 128: 1.4 };

/** @param {{depth?: string, turns?: string, steps?: string, torch?: string, profile?: boolean}} options as typed */
export async function bench({ depth = '32,128', turns = '3', steps = '10', torch, profile = false } = {}) {
  const figures = [];
  const lines = [];
  for (const d of depth.split(',').map(Number)) {
    const ours = [];
    const theirs = [];
    for (let turn = 0; turn < Number(turns); turn++) {
      ours.push(...inChild(d, steps));
      if (torch !== undefined) theirs.push(torchMedian(torch, d, steps));
    }
    const step = median(ours);
    figures.push({ name: `step, depth ${d}, batch ${BATCH}`, value: round(step), unit: 'ms', goal: '' });
    lines.push(
      `step: depth ${d}: median ${round(step)} ms, least ${round(Math.min(...ours))} ms of ${ours.length} steps`,
    );
    if (theirs.length > 0) {
      const ratio = Math.round((100 * step) / median(theirs)) / 100;
      const goal = GOALS[d] === undefined ? '' : `<= ${GOALS[d]}`;
      figures.push({ name: `step, depth ${d}, over PyTorch's`, value: ratio, unit: '', goal });
      lines.push(`step: depth ${d}: PyTorch ${round(median(theirs))} ms, ratio ${ratio}`);
    }
    if (profile) lines.push(...(await profileStep(d, BATCH, THREADS)));
  }
  if (torch === undefined) lines.push('step: PyTorch was not measured: name a script with --torch');
  return { figures, lines };
}

/** A process of its own for each turn, as PyTorch's has. */
function inChild(depth, steps) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), '--child', depth, steps].map(String),
    {
      encoding: 'utf8',
    },
  );
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`the step at depth ${depth} failed: ${stderr}`);
  }
}

async function measure(depth, steps) {
  const spec = buildModel('dcgan-a', depth);
  const program = await makeOnnxruntimeEngine({ device: 'cpu', threads: THREADS }).compile(trainProgram(spec, BATCH));
  await program.load(initialState(spec, 1));
  const random = randomStream(1, 'tests');
  const cells = Float32Array.from({ length: BATCH * 64 * 256 }, () => (random.below(20) === 0 ? 1 : 0));
  const times = [];
  for (let step = 0; step <= steps; step++) {
    const noise = normals(randomStream(1, 'noise', step), BATCH * 7 * 2 * 8);
    const feeds = new Map([
      ['real', { shape: [BATCH, 1, 64, 256], data: cells }],
      ['noise', { shape: [BATCH, 7, 2, 8], data: noise }],
    ]);
    const start = performance.now();
    await program.step(feeds);
    if (step > 0) times.push(performance.now() - start);
  }
  await program.release();
  return times;
}

function torchMedian(command, depth, steps) {
  const [program, ...words] = command.split(' ');
  const args = [...words, '--depth', depth, '--batch', BATCH, '--steps', steps, '--threads', THREADS].map(String);
  const { stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  try {
    return JSON.parse(stdout).stepMs.median;
  } catch {
    throw new Error(`${command} printed no JSON line: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
  }
}

const round = (ms) => Math.round(ms * 10) / 10;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

if (process.argv[2] === '--child') {
  process.stdout.write(JSON.stringify(await measure(Number(process.argv[3]), Number(process.argv[4]))));
}
