import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BLOCKED_DOMAIN } from '../../../../src/adapters/onnx/lowering/cpu/blocked-ops.js';
import { cpuLowering } from '../../../../src/adapters/onnx/session/block-size.js';
import { scheduleUpdatesEarly } from '../../../../src/adapters/onnx/lowering/update-scheduling.js';
import { loadOnnxruntime } from '../../../../src/adapters/onnx/session/load-onnxruntime.js';
import { lowerProgram } from '../../../../src/adapters/onnx/lowering/lowering.js';
import { encodeModel } from '../../../../src/adapters/onnx/model/model-file.js';
import type { OnnxGraph } from '../../../../src/adapters/onnx/wire/onnx-graph.js';
import { openOrtSession } from '../../../../src/adapters/onnx/session/ort-session.js';
import { stripShapes } from '../../../../src/adapters/onnx/lowering/strip-shapes.js';
import { buildModel } from '../../../../src/domain/model/catalogue/catalogue.js';
import { normals, randomStream } from '../../../../src/domain/random.js';
import { sizeOf, type NamedTensors } from '../../../../src/domain/tensor/tensor.js';
import { partsOfStep } from '../../../../src/domain/training/step-parts.js';
import { initialState, trainingProgram } from '../../../../src/domain/training/training-program.js';

const spec = buildModel('dcgan-a', 4);
const program = trainingProgram(spec, 2);
const lowerStep = async (): Promise<OnnxGraph> => lowerProgram(program, await cpuLowering(), partsOfStep(program));
const encode = (unencoded: OnnxGraph): Uint8Array =>
  encodeModel(stripShapes(unencoded), { domains: { [BLOCKED_DOMAIN]: 1 } });

const feeds: NamedTensors = new Map([
  ...initialState(spec, 1),
  ...program.feeds.map(({ params: { name, shape } }, at) => {
    return [name, { shape, data: normals(randomStream(1, 'tests', at), sizeOf(shape)) }] as const;
  }),
]);

/** The names of a graph's operations in the order in which onnxruntime runs them. */
async function executionOrder(graph: OnnxGraph): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-order-'));
  try {
    const ort = await loadOnnxruntime();
    const session = await ort.InferenceSession.create(encode(graph), {
      graphOptimizationLevel: 'disabled',
      enableProfiling: true,
      profileFilePrefix: join(folder, 'run'),
      logSeverityLevel: 4,
    });
    const given = [...feeds].map(([name, { shape, data }]) => [name, new ort.Tensor('float32', data, shape)]);
    await session.run(Object.fromEntries(given));
    session.endProfiling();
    await session.release();
    const events = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8')) as {
      name: string;
      ts: number;
    }[];
    const kernels = events.filter(({ name }) => name.endsWith('_kernel_time')).sort((a, b) => a.ts - b.ts);
    return kernels.map(({ name }) => name.replace('_kernel_time', ''));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('scheduleUpdatesEarly', () => {
  it('updates weights that the step reads again before their first use', async () => {
    const plain = await lowerStep();
    const scheduled = scheduleUpdatesEarly(plain, program);
    const ofDiscriminator = program.state.filter(({ name }) => /^discriminator.*weight$/.test(name));
    const results = new Map(scheduled.nodes.map(({ name, outputs }) => [outputs[0]!, name!]));
    const updates = ofDiscriminator.map(({ name }) => results.get(`next.${name}`)!);
    const [before, after] = [await executionOrder(plain), await executionOrder(scheduled)];
    const lastUpdate = (order: readonly string[]): number => Math.max(...updates.map((name) => order.indexOf(name)));
    const firstUse = (order: readonly string[]): number =>
      order.findIndex((name) => name.startsWith('updated discriminator forward'));
    expect(updates.every((name) => after.includes(name))).toBe(true);
    expect(lastUpdate(after)).toBeLessThan(firstUse(after));
    expect(lastUpdate(before)).toBeGreaterThan(firstUse(before)); // otherwise scheduling would not be needed
  });

  it('changes no value, and adds markers only for weights that the step reads again', async () => {
    const plain = await lowerStep();
    const scheduled = scheduleUpdatesEarly(plain, program);
    const added = scheduled.nodes.slice(plain.nodes.length);
    expect(scheduled.nodes.slice(0, plain.nodes.length)).toEqual(plain.nodes);
    expect(added.every(({ op, inputs }) => op === 'Shape' && /^next\.discriminator\..*weight$/.test(inputs[0]!))).toBe(
      true,
    );
    expect(added.length).toBeGreaterThan(4);
    const results = [];
    for (const each of [plain, scheduled]) {
      const session = await openOrtSession(encode(each), { device: 'cpu', threads: 1, optimize: false });
      results.push(await session.run(feeds));
      await session.release();
    }
    expect(results[1]).toEqual(results[0]);
  });
});
