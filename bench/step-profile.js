// Where the time of a training step goes, by onnxruntime's own profiler.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BLOCKED_DOMAIN } from '../dist/adapters/onnx/lowering/cpu/blocked-ops.js';
import { cpuLowering } from '../dist/adapters/onnx/session/block-size.js';
import { scheduleUpdatesEarly } from '../dist/adapters/onnx/lowering/update-scheduling.js';
import { lowerProgram } from '../dist/adapters/onnx/lowering/lowering.js';
import { encodeModel } from '../dist/adapters/onnx/model/model-file.js';
import { stripShapes } from '../dist/adapters/onnx/lowering/strip-shapes.js';
import { buildModel } from '../dist/domain/model/catalogue/catalogue.js';
import { partsOfStep, STEP_PARTS } from '../dist/domain/training/step-parts.js';
import { initialState, trainingProgram } from '../dist/domain/training/training-program.js';

/** Measured runs. One more before them is not counted, because it allocates memory. */
const RUNS = 4;

/** Lines with the milliseconds of a step by part, by operator, and by operator and shapes. */
export async function profileStep(depth, batch, threads) {
  const { default: ort } = await import('onnxruntime-node');
  const folder = mkdtempSync(join(tmpdir(), 'apollo-profile-'));
  try {
    const spec = buildModel('dcgan-a', depth);
    const program = trainingProgram(spec, batch);
    const lowered = lowerProgram(program, await cpuLowering(), partsOfStep(program));
    const graph = stripShapes(scheduleUpdatesEarly(lowered, program));
    const session = await ort.InferenceSession.create(encodeModel(graph, { domains: { [BLOCKED_DOMAIN]: 1 } }), {
      intraOpNumThreads: threads,
      graphOptimizationLevel: 'disabled', // as in training
      enableMemPattern: false,
      enableProfiling: true,
      profileFilePrefix: join(folder, 'step'),
      logSeverityLevel: 4,
    });
    const feeds = Object.fromEntries(
      [...initialState(spec, 1)].map(([name, { shape, data }]) => [name, new ort.Tensor('float32', data, shape)]),
    );
    feeds.real = new ort.Tensor('float32', new Float32Array(batch * 64 * 256).fill(0.05), [batch, 1, 64, 256]);
    feeds.noise = new ort.Tensor('float32', new Float32Array(batch * 112).fill(0.1), [batch, 7, 2, 8]);
    for (let run = 0; run <= RUNS; run++) await session.run(feeds);
    session.endProfiling();
    await session.release();
    const [file] = readdirSync(folder);
    return describeProfile(depth, JSON.parse(readFileSync(join(folder, file), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describeProfile(depth, events) {
  const all = events.filter((event) => event.cat === 'Node' && event.name.endsWith('_kernel_time'));
  const kernels = all.slice(all.length / (RUNS + 1)); // without the first run
  const shapes = ({ args }) =>
    args.input_type_shape.map((typed) => `[${Object.values(typed)[0].join(', ')}]`).join(' ');
  const part = ({ name }) => STEP_PARTS.find((each) => name.startsWith(`${each}/`)) ?? "onnxruntime's own";
  return [
    `profile: depth ${depth}, milliseconds a step by part of the step`,
    ...slowest(kernels, part, STEP_PARTS.length + 1),
    'profile: by operator',
    ...slowest(kernels, ({ args }) => args.op_name, 12),
    'profile: by operator and shapes',
    ...slowest(kernels, (event) => `${event.args.op_name} ${shapes(event)}`, 20),
  ];
}

/** The `count` groups of events that take most time, one line each: milliseconds and calls a step. */
function slowest(events, keyOf, count) {
  const sums = new Map();
  for (const event of events) {
    const [ms, times] = sums.get(keyOf(event)) ?? [0, 0];
    sums.set(keyOf(event), [ms + event.dur / 1000 / RUNS, times + 1 / RUNS]);
  }
  const rows = [...sums].sort(([, [a]], [, [b]]) => b - a).slice(0, count);
  return rows.map(
    ([key, [ms, times]]) => `  ${ms.toFixed(1).padStart(8)} ms  ${String(Math.round(times)).padStart(4)} x  ${key}`,
  );
}
