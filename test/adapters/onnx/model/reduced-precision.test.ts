import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from '@jest/globals';
import { lowerGenerator } from '../../../../src/adapters/onnx/lowering/generator-lowering.js';
import { GraphBuilder } from '../../../../src/adapters/onnx/lowering/graph-builder.js';
import { encodeModel } from '../../../../src/adapters/onnx/model/model-file.js';
import { intAttribute, intsAttribute, type OnnxGraph } from '../../../../src/adapters/onnx/wire/onnx-graph.js';
import { openOrtSession } from '../../../../src/adapters/onnx/session/ort-session.js';
import { withReducedPrecision } from '../../../../src/adapters/onnx/model/reduced-precision.js';
import { wireFields } from '../../../../src/adapters/onnx/wire/wire-reader.js';
import { buildModel } from '../../../../src/domain/model/catalogue/catalogue.js';
import { generatorProgram } from '../../../../src/domain/model/generator-program.js';
import type { ModelSpec } from '../../../../src/domain/model/model-spec.js';
import { initializeParameters } from '../../../../src/domain/model/parameters.js';
import { tinyApollo } from '../../../support/model/apollo-fixtures.js';
import { scratchFolders } from '../../../support/files/scratch.js';
import { EngineError } from '../../../../src/domain/errors.js';
import { randomTensor } from '../../../support/tensor/graph-cases.js';

/** Every operation with weights; each channel of them a hundred times as large as the one before. */
function graph(scale = 1) {
  const g = new GraphBuilder('g');
  g.input('x', [1, 4, 3, 3]);
  const sliding = {
    kernel_shape: intsAttribute([2, 2]),
    strides: intsAttribute([1, 1]),
    pads: intsAttribute([0, 0, 0, 0]),
  };
  const weights = (shape: readonly number[], axis: number): string => {
    const { data } = randomTensor(shape, 5, -1, 1);
    const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return g.tensor(
      shape,
      data.map((w, i) => w * scale * 100 ** (Math.floor(i / inner) % shape[axis]!)),
    );
  };
  const conv = g.add('Conv', ['x', weights([2, 4, 2, 2], 0)], sliding);
  const back = g.add('ConvTranspose', ['x', weights([4, 2, 2, 2], 1)], sliding);
  const rows = g.add('Reshape', ['x', g.ints([4, 9])]);
  const product = g.add('MatMul', [rows, weights([9, 2], 1)]);
  const turned = g.add('Gemm', [rows, weights([2, 9], 0)], { transB: intAttribute(1) });
  const offset = g.add('Add', [turned, g.tensor([4, 2], randomTensor([4, 2]).data)]); // no weights of a product
  for (const [name, shape, from] of [
    ['conv', [1, 2, 2, 2], conv],
    ['back', [1, 2, 4, 4], back],
    ['product', [4, 2], product],
    ['turned', [4, 2], offset],
  ] as const)
    g.output(name, shape, from);
  return g.finish();
}

async function run(precision: 'fp32' | 'fp16' | 'int8') {
  const model = encodeModel(withReducedPrecision(graph(), precision));
  const session = await openOrtSession(model, { device: 'cpu', threads: 1 });
  const results = await session.run(new Map([['x', randomTensor([1, 4, 3, 3])]]));
  await session.release();
  return results;
}

describe('withReducedPrecision', () => {
  it.each([
    ['fp16', 'float16', 1e-3],
    ['int8', 'int8', 1e-2],
  ] as const)('keeps all weights in %s, and nothing else', async (precision, type, tolerance) => {
    const small = withReducedPrecision(graph(), precision);
    expect(small.initializers.filter((tensor) => tensor.type === type)).toHaveLength(4);
    expect(small.nodes.filter(({ op }) => op === 'Cast')).toHaveLength(4);
    const [exact, near] = [await run('fp32'), await run(precision)];
    for (const [name, { shape, data }] of exact) {
      // Channels are told apart: the small ones are as exact as the large.
      const got = near.get(name)!.data;
      const last = shape.length === 4 ? shape[2]! * shape[3]! : 1;
      const channelOf = (i: number): number => Math.floor(i / last) % 2;
      for (const channel of [0, 1]) {
        const own = [...data.keys()].filter((i) => channelOf(i) === channel);
        const largest = Math.max(...own.map((i) => Math.abs(data[i]!)));
        for (const i of own) expect(Math.abs(got[i]! - data[i]!) / largest).toBeLessThan(tolerance);
      }
    }
  });

  it.each([
    ['fp16', 2],
    ['int8', 1],
  ] as const)('takes in %s %d bytes a weight', (precision, bytes) => {
    const g = new GraphBuilder('g');
    g.input('x', [1, 500]);
    g.output('y', [1, 400], g.add('MatMul', ['x', g.tensor([500, 400], new Float32Array(500 * 400).fill(0.5))]));
    const length = encodeModel(withReducedPrecision(g.finish(), precision)).length;
    expect(length).toBeGreaterThan(bytes * 500 * 400);
    expect(length).toBeLessThan(bytes * 500 * 400 + 4 * 400 + 1000);
  });

  it('leaves a graph in float32 as it is', () => {
    const g = graph();
    expect(withReducedPrecision(g, 'fp32')).toBe(g);
  });

  it('refuses weights that fp16 has no number for, which int8 keeps', () => {
    expect(() => withReducedPrecision(graph(1e6), 'fp16')).toThrow(EngineError);
    expect(() => withReducedPrecision(graph(1e6), 'fp16')).toThrow(
      /more than fp16 can hold; use --precision int8 or fp32/,
    );
    expect(withReducedPrecision(graph(1e6), 'int8').initializers.filter(({ type }) => type === 'int8')).toHaveLength(4);
  });

  /** x A for a table A, as the graph keeps it. */
  const tableGraph = (data: Float32Array, shape: readonly [number, number], precision: 'fp16' | 'int8') => {
    const g = new GraphBuilder('g');
    g.input('x', [shape[0], shape[0]]);
    g.output('y', shape, g.add('MatMul', ['x', g.tensor(shape, data)]));
    return withReducedPrecision(g.finish(), precision);
  };

  it.each([
    ['int8', [0, 1, 2, 3, -4, 127], ['int8']],
    ['int8', [0, 256, 1, 200, 255, 3], ['int8', 'float32']], // a column each, and what is added to it
    ['int8', [0, 0, 0, 2048, 0, 0], ['float16']],
    ['int8', [0, 0, 0, 2049, 0, 0], ['float32']],
    ['fp16', [0, 256, 1, 200, 2048, 3], ['float16']],
    ['fp16', [0, 0, 0, 2049, 0, 0], ['float32']],
  ] as const)('loses nothing of a table of whole numbers, in %s: %j', async (precision, numbers, types) => {
    const data = Float32Array.from(numbers);
    const small = tableGraph(data, [2, 3], precision);
    expect(small.initializers.map(({ type }) => type)).toEqual(types);
    const session = await openOrtSession(encodeModel(small), { device: 'cpu', threads: 1 });
    const unit = { shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) };
    expect([...(await session.run(new Map([['x', unit]]))).get('y')!.data]).toEqual([...data]);
    await session.release();
  });
});

describe('onnxruntime', () => {
  const scratch = scratchFolders();
  const specs: readonly (readonly [string, () => ModelSpec])[] = [
    ['dcgan-a', () => buildModel('dcgan-a', 8)],
    ['apollo', () => tinyApollo()],
  ];

  describe.each(specs)('opens a file of %s', (_name, build) => {
    const spec = build();
    const full = lowerGenerator(generatorProgram(spec, 1, initializeParameters([spec.generator], 3)), 0.5);
    /** The operations that are run, in order of name. */
    const optimized = async (graph: OnnxGraph): Promise<readonly string[]> => {
      const file = join(scratch(), 'optimized.onnx');
      const options = { optimizedModelFilePath: file, graphOptimizationLevel: 'all', logSeverityLevel: 4 } as const;
      await (await InferenceSession.create(encodeModel(graph), options)).release();
      return operationsIn(readFileSync(file));
    };

    it.each(['fp16', 'int8'] as const)('with weights in %s as the graph that one in float32 is', async (precision) => {
      const [want, got] = [await optimized(full), await optimized(withReducedPrecision(full, precision))];
      expect(want.length).toBeGreaterThan(10);
      expect(got).toEqual(want);
    });
  });
});

/** Sorted. */
function operationsIn(model: Uint8Array): readonly string[] {
  const [MODEL_GRAPH, GRAPH_NODE, NODE_OPERATION] = [7, 1, 4];
  const inside = (bytes: Uint8Array, wanted: number): readonly Uint8Array[] =>
    [...wireFields(bytes)].filter(({ field }) => field === wanted).map((part) => part.bytes);
  return inside(model, MODEL_GRAPH)
    .flatMap((graph) => inside(graph, GRAPH_NODE))
    .flatMap((node) => inside(node, NODE_OPERATION))
    .map((operation) => Buffer.from(operation).toString('utf8'))
    .sort();
}
