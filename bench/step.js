// The training step of dcgan-a, in turns with the same step in PyTorch where a script is given.
//   npm run bench -- step [--depth 16,32,128] [--turns 3] [--steps 10] [--torch "python3 torch_step.py"] [--profile]
// --steps: the steps of each turn, one number or one for each depth, such as 12,10,4.
// --torch: a script that takes --depth, --batch, --steps, --threads and --channels-last and prints one line of JSON
// with stepMs.median; without it there are no ratios.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { createOnnxruntimeEngine } from '../dist/adapters/onnx/session/onnxruntime-engine.js';
import { buildModel } from '../dist/domain/model/catalogue/catalogue.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { initialState, trainingProgram } from '../dist/domain/training/training-program.js';
import { hundredths, median, tenths } from './statistics.js';
import { profileStep } from './step-profile.js';

const BATCH = 16;
const THREADS = 2;
/** The goals: a step's time over PyTorch's, with contiguous memory and with channels last. */
const GOALS = { contiguous: { 16: 0.9, 32: 0.9, 128: 0.9 }, channelsLast: { 16: 1.2, 32: 1.2, 128: 1 } };
const LAYOUTS = [
  ['contiguous', "PyTorch's", []],
  ['channelsLast', "PyTorch's, channels last", ['--channels-last']],
];
/** Steps that are not counted. */
const WARM_UP = 1;

/** @param {{depth?: string, turns?: string, steps?: string, torch?: string, profile?: boolean}} options as text */
export async function bench({ depth = '16,32,128', turns = '3', steps = '10', torch, profile = false } = {}) {
  const figures = [];
  const lines = [];
  const counts = steps.split(',').map(Number);
  for (const [i, d] of depth.split(',').map(Number).entries()) {
    const runs = await runTurns(d, counts[i] ?? counts.at(-1), Number(turns), torch);
    const own = ownResults(d, runs.ours);
    const compared = torch === undefined ? [] : LAYOUTS.map((layout) => compareWithTorch(d, own, layout, runs.theirs));
    figures.push(...own.figures, ...compared.flatMap((result) => result.figures));
    lines.push(own.line, ...compared.map(({ line }) => line));
    if (profile) lines.push(...(await profileStep(d, BATCH, THREADS)));
  }
  if (torch === undefined) lines.push('step: PyTorch was not measured; give a script with --torch');
  return { figures, lines };
}

async function runTurns(depth, steps, turns, torch) {
  const ours = [];
  const theirs = Object.fromEntries(LAYOUTS.map(([layout]) => [layout, []]));
  for (let turn = 0; turn < turns; turn++) {
    ours.push(runInChild(depth, steps));
    if (torch === undefined) continue;
    for (const [layout, , args] of LAYOUTS) theirs[layout].push(await torchStep(torch, depth, steps, args));
  }
  return { ours, theirs };
}

function ownResults(depth, runs) {
  const step = median(runs.map((run) => median(run.milliseconds)));
  const min = Math.min(...runs.flatMap((run) => run.milliseconds));
  const memory = Math.max(...runs.map((run) => run.megabytes));
  return {
    step,
    memory,
    figures: [
      { name: `step, depth ${depth}, batch ${BATCH}`, value: tenths(step), unit: 'ms', goal: '' },
      { name: `step, depth ${depth}, peak memory`, value: memory, unit: 'MB', goal: '' },
    ],
    line: `step: depth ${depth}: median ${tenths(step)} ms, minimum ${tenths(min)} ms, peak memory ${memory} MB`,
  };
}

function compareWithTorch(depth, { step, memory }, [layout, name], theirs) {
  const other = median(theirs[layout].map((run) => run.ms));
  const otherMemory = Math.max(...theirs[layout].map((run) => run.megabytes));
  const [ratio, memoryRatio] = [hundredths(step / other), hundredths(memory / otherMemory)];
  const goal = `<= ${GOALS[layout][depth] ?? 1}`;
  return {
    figures: [
      { name: `step, depth ${depth}, over ${name}`, value: tenths(other), unit: 'ms', ratio, goal },
      {
        name: `peak memory, depth ${depth}, over ${name}`,
        value: otherMemory,
        unit: 'MB',
        ratio: memoryRatio,
        goal: '<= 1',
      },
    ],
    line:
      `step: depth ${depth}: ${name} ${tenths(other)} ms, ratio ${ratio}; ` + `${otherMemory} MB, ratio ${memoryRatio}`,
  };
}

/** Runs each turn in a process of its own, as PyTorch's. */
function runInChild(depth, steps) {
  const args = [fileURLToPath(import.meta.url), '--child', depth, steps].map(String);
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
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

/** The milliseconds of a step and the peak memory during training. After the training the script generates tunes. */
function torchStep(command, depth, steps, layoutArgs) {
  const [program, ...given] = command.split(' ');
  const settings = ['--depth', depth, '--batch', BATCH, '--steps', steps, '--threads', THREADS];
  const args = [...given, ...settings, ...layoutArgs];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args.map(String), { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) child[stream].on('data', (text) => (output[stream] += text));
    const samples = [];
    const timer = setInterval(() => samples.push([performance.now(), residentMegabytes(child.pid)]), 20);
    child.on('error', reject);
    child.on('close', () => {
      clearInterval(timer);
      try {
        const { stepMs, generateMs } = JSON.parse(output.stdout);
        const generating = 6 * (generateMs[1] + generateMs[64]) + 50; // a warm-up and five runs of each batch size
        const end = performance.now() - generating;
        const megabytes = Math.max(0, ...samples.filter(([at]) => at < end).map(([, resident]) => resident));
        resolve({ ms: stepMs.median, megabytes });
      } catch {
        reject(new Error(`${command} printed no JSON line: ${output.stderr.trim().split('\n').at(-1)}`));
      }
    });
  });
}

/** The resident memory of a process; 0 where the system has no /proc. */
function residentMegabytes(pid) {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);
  } catch {
    return 0;
  }
}

if (process.argv[2] === '--child') {
  process.stdout.write(JSON.stringify(await measure(Number(process.argv[3]), Number(process.argv[4]))));
}
