// The training step of dcgan-a, in turns with the same step in PyTorch when that is to be had.
//   npm run bench -- step [--depth 16,32,128] [--turns 3] [--steps 10] [--torch "python3 some/torch_gan_step.py"] [--profile]
// --steps: of each turn, or one number for each depth, such as 12,10,4.
// --torch: a script that takes --depth, --batch, --steps, --threads and --channels-last and prints one JSON line with
// stepMs.median; without it the ratios are left out.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { createOnnxruntimeEngine } from '../dist/adapters/onnx/session/onnxruntime-engine.js';
import { buildModel } from '../dist/domain/model/catalogue/catalogue.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { initialState, trainingProgram } from '../dist/domain/training/training-program.js';
import { profileStep } from './step-profile.js';

const BATCH = 16;
const THREADS = 2;
/** The share of PyTorch's time that a step may take, with its memory contiguous and with its channels last. */
const GOALS = { contiguous: { 16: 0.9, 32: 0.9, 128: 0.9 }, channelsLast: { 16: 1.2, 32: 1.2, 128: 1 } };
const LAYOUTS = [
  ['contiguous', "PyTorch's", []],
  ['channelsLast', "PyTorch's, channels last", ['--channels-last']],
];
/** Enough for PyTorch's peak; its script makes tunes afterwards, which counts for nothing here. */
const WARM_UP = 1;

/** @param {{depth?: string, turns?: string, steps?: string, torch?: string, profile?: boolean}} options as typed */
export async function bench({ depth = '16,32,128', turns = '3', steps = '10', torch, profile = false } = {}) {
  const figures = [];
  const lines = [];
  const depths = depth.split(',').map(Number);
  const counts = steps.split(',').map(Number);
  for (const [i, d] of depths.entries()) {
    const count = counts[i] ?? counts.at(-1);
    const ours = [];
    const theirs = Object.fromEntries(LAYOUTS.map(([layout]) => [layout, []]));
    for (let turn = 0; turn < Number(turns); turn++) {
      ours.push(inChild(d, count));
      if (torch === undefined) continue;
      for (const [layout, , words] of LAYOUTS) theirs[layout].push(await torchStep(torch, d, count, words));
    }
    const step = median(ours.map((run) => median(run.milliseconds)));
    const memory = Math.max(...ours.map((run) => run.megabytes));
    figures.push({ name: `step, depth ${d}, batch ${BATCH}`, value: round(step), unit: 'ms', goal: '' });
    figures.push({ name: `step, depth ${d}, peak memory`, value: memory, unit: 'MB', goal: '' });
    const least = Math.min(...ours.flatMap((run) => run.milliseconds));
    lines.push(`step: depth ${d}: median ${round(step)} ms, least ${round(least)} ms, peak memory ${memory} MB`);
    for (const [layout, name] of torch === undefined ? [] : LAYOUTS) {
      const other = median(theirs[layout].map((run) => run.ms));
      const most = Math.max(...theirs[layout].map((run) => run.megabytes));
      figures.push({
        name: `step, depth ${d}, over ${name}`,
        value: round(other),
        unit: 'ms',
        ratio: hundredths(step / other),
        goal: `<= ${GOALS[layout][d] ?? 1}`,
      });
      figures.push({
        name: `peak memory, depth ${d}, over ${name}`,
        value: most,
        unit: 'MB',
        ratio: hundredths(memory / most),
        goal: '<= 1',
      });
      lines.push(
        `step: depth ${d}: ${name} ${round(other)} ms, ratio ${hundredths(step / other)}; ${most} MB, ratio ${hundredths(memory / most)}`,
      );
    }
    if (profile) lines.push(...(await profileStep(d, BATCH, THREADS)));
  }
  if (torch === undefined) lines.push('step: PyTorch was not measured: name a script with --torch');
  return { figures, lines };
}

/** A process of its own for each turn, as PyTorch's has. */
function inChild(depth, steps) {
  const words = [fileURLToPath(import.meta.url), '--child', depth, steps].map(String);
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`the step at depth ${depth} failed: ${stderr}`);
  }
}

async function measure(depth, steps) {
  const spec = buildModel('dcgan-a', depth);
  const program = await createOnnxruntimeEngine({ device: 'cpu', threads: THREADS }).compile(
    trainingProgram(spec, BATCH),
  );
  await program.load(initialState(spec, 1));
  const random = randomStream(1, 'tests');
  const cells = Float32Array.from({ length: BATCH * 64 * 256 }, () => (random.below(20) === 0 ? 1 : 0));
  const milliseconds = [];
  for (let step = 0; step < steps + WARM_UP; step++) {
    const noise = normals(randomStream(1, 'noise', step), BATCH * 7 * 2 * 8);
    const feeds = new Map([
      ['real', { shape: [BATCH, 1, 64, 256], data: cells }],
      ['noise', { shape: [BATCH, 7, 2, 8], data: noise }],
    ]);
    const start = performance.now();
    await program.step(feeds);
    if (step >= WARM_UP) milliseconds.push(performance.now() - start);
  }
  await program.release();
  return { milliseconds, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) };
}

/** Milliseconds a step, and the most memory that the process held while it trained: until it makes 64 tunes, the last thing it does. */
function torchStep(command, depth, steps, more) {
  const [program, ...words] = command.split(' ');
  const args = [...words, '--depth', depth, '--batch', BATCH, '--steps', steps, '--threads', THREADS, ...more];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args.map(String), { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) child[stream].on('data', (text) => (said[stream] += text));
    const seen = [];
    const watch = setInterval(() => seen.push([performance.now(), residentMegabytes(child.pid)]), 20);
    child.on('error', reject);
    child.on('close', () => {
      clearInterval(watch);
      try {
        const { stepMs, generateMs } = JSON.parse(said.stdout);
        const making = 6 * (generateMs[1] + generateMs[64]) + 50; // a warm-up and five of each size
        const end = performance.now() - making;
        const megabytes = Math.max(0, ...seen.filter(([at]) => at < end).map(([, held]) => held));
        resolve({ ms: stepMs.median, megabytes });
      } catch {
        reject(new Error(`${command} printed no JSON line: ${said.stderr.trim().split('\n').at(-1)}`));
      }
    });
  });
}

/** 0 where the system does not say. */
function residentMegabytes(pid) {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);
  } catch {
    return 0;
  }
}

const round = (ms) => Math.round(ms * 10) / 10;
const hundredths = (ratio) => Math.round(ratio * 100) / 100;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

if (process.argv[2] === '--child') {
  process.stdout.write(JSON.stringify(await measure(Number(process.argv[3]), Number(process.argv[4]))));
}
