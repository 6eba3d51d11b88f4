import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBlockedLowering } from '../../../../../src/adapters/onnx/lowering/cpu/blocked-lowering.js';
import { detectBlockSize } from '../../../../../src/adapters/onnx/session/block-size.js';
import { lowerProgram } from '../../../../../src/adapters/onnx/lowering/lowering.js';
import { createOnnxruntimeEngine } from '../../../../../src/adapters/onnx/session/onnxruntime-engine.js';
import * as t from '../../../../../src/domain/tensor/node-builders.js';
import { reuseReductions } from '../../../../../src/domain/tensor/rewrites/reuse-reductions.js';
import { gradients } from '../../../../../src/domain/tensor/gradient.js';
import type { ConvGeometry, Node } from '../../../../../src/domain/tensor/op.js';
import type { Program } from '../../../../../src/domain/tensor/program.js';
import { outputSize } from '../../../../../src/domain/tensor/shape-rules.js';
import { sizeOf, type NamedTensors } from '../../../../../src/domain/tensor/tensor.js';
import { evaluateByDefinition } from '../../../../support/tensor/definitions.js';
import { randomTensor } from '../../../../support/tensor/graph-cases.js';

const engine = createOnnxruntimeEngine({ device: 'cpu', threads: 2 });
const inputs = (...shapes: readonly (readonly number[])[]): Node<'input'>[] =>
  shapes.map((shape, i) => t.input('xwvuk'[i]!, shape));

const programOf = (feeds: readonly Node<'input'>[], nodes: readonly Node[]): Program => ({
  name: 'blocked',
  feeds,
  state: [],
  metrics: nodes.map((node, i) => ({ name: `m${i}`, node })),
});

/** The largest difference from the definitions, relative to the largest value of a result. */
async function error(program: Program, run: Program = program): Promise<number> {
  const feeds: NamedTensors = new Map(
    program.feeds.map(({ params }, i) => [params.name, randomTensor(params.shape, 7 + i, -1, 1)]),
  );
  const compiled = await engine.compile(run);
  const results = await compiled.step(feeds);
  await compiled.release();
  const known = new Map();
  const errors = program.metrics.map(({ name, node }) => {
    const want = evaluateByDefinition(node, feeds, known).values;
    const got = results.get(name)!.data;
    const largest = Math.max(1e-6, ...want.map(Math.abs));
    return Math.max(...want.map((value, i) => Math.abs(value - got[i]!))) / largest;
  });
  return Math.max(...errors);
}

const axisGeometry = fc.record({
  places: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 3 }),
  before: fc.nat(2),
  after: fc.nat(2),
  length: fc.integer({ min: 4, max: 7 }),
});

/** Any geometry of a convolution over two axes. */
const geometry = fc.tuple(axisGeometry, axisGeometry).map(([row, column]): ConvGeometry => ({
  inputSize: [row.length, column.length],
  kernel: [row.places, column.places],
  stride: [row.stride, column.stride],
  padding: [row.before, column.before, row.after, column.after],
}));

describe('createBlockedLowering', () => {
  let blockSize: number;
  beforeAll(async () => {
    blockSize = await detectBlockSize();
    expect(blockSize).toBeGreaterThan(1); // otherwise nothing here tests blocks
  });

  it('matches the definitions of any convolution and its gradients, for any number of channels', async () => {
    await fc.assert(
      fc.asyncProperty(
        geometry,
        fc.constantFrom(1, 2),
        fc.constantFrom('few', 'blocks', 'neither'),
        fc.constantFrom(1, 3, 0),
        async (first, count, kind, n) => {
          const channels = { few: Math.min(3, blockSize - 1), blocks: blockSize * count, neither: blockSize + 1 }[kind];
          const [batch, between] = [n === 0 ? blockSize : n, blockSize];
          const middle = outputSize(first);
          const second: ConvGeometry = { inputSize: middle, kernel: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0] };
          const feeds = inputs(
            [batch, channels, ...first.inputSize],
            [between, channels, ...first.kernel],
            [blockSize, between, 1, 1],
          );
          const [x, w, v] = feeds as [Node, Node, Node];
          const hidden = t.leakyRelu(t.conv2d(x, w, first), 0.2);
          const loss = t.sum(t.square(t.conv2d(hidden, v, second)));
          const program = programOf(feeds, [loss, ...gradients(loss, [x, w, v])]);
          expect(await error(program)).toBeLessThan(2e-5);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('matches the definitions of a batch norm and its gradients', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 4 }), async (n, half) => {
        const slide: ConvGeometry = { inputSize: [2 * half, 4], kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] };
        const feeds = inputs(
          [n, blockSize, 2 * half, 4],
          [2 * blockSize, blockSize, 4, 4],
          [2 * blockSize],
          [2 * blockSize],
        );
        const [x, w, scale, bias] = feeds as [Node, Node, Node, Node];
        const perChannel = (k: Node): Node => t.reshape(k, [1, 2 * blockSize, 1, 1]);
        const y = t.conv2d(x, w, slide);
        const axes = [0, 2, 3];
        const centered = t.subtract(y, t.mean(y, axes));
        const variance = t.mean(t.square(centered), axes);
        const factor = t.divide(perChannel(scale), t.sqrt(t.add(variance, 1e-5)));
        const out = t.leakyRelu(t.add(t.multiply(centered, factor), perChannel(bias)), 0.2);
        const loss = t.sum(t.multiply(out, t.add(out, t.tanh(y))));
        const program = programOf(feeds, [loss, out, ...gradients(loss, [x, w, scale, bias])]);
        expect(await error(program, reuseReductions(program))).toBeLessThan(2e-5);
      }),
      { numRuns: 6 },
    );
  });

  it('converts a value to the blocked layout once and back once', () => {
    const slide: ConvGeometry = { inputSize: [4, 4], kernel: [3, 3], stride: [1, 1], padding: [1, 1, 1, 1] };
    const [x, w] = inputs([1, 16, 4, 4], [16, 16, 3, 3]) as [Node, Node];
    const twice = t.add(t.conv2d(t.tanh(t.conv2d(x, w, slide)), w, slide), 1);
    const graph = lowerProgram(programOf([x, w] as Node<'input'>[], [twice, t.exp(twice)]), createBlockedLowering(8));
    const conversions = graph.nodes.filter(({ op, inputs: [from] }) => op === 'ReorderInput' && from === 'x');
    expect(conversions).toHaveLength(1);
    expect(graph.nodes.filter(({ op }) => op === 'ReorderOutput')).toHaveLength(2); // one for each metric
  });

  it('fuses a LeakyReLU into its convolution unless the value before it is used elsewhere', () => {
    const slide: ConvGeometry = { inputSize: [2, 2], kernel: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0] };
    const feeds = inputs([1, 8, 2, 2], [8, 8, 1, 1]);
    const y = t.conv2d(feeds[0]!, feeds[1]!, slide);
    const operations = (...nodes: readonly Node[]): readonly string[] =>
      lowerProgram(programOf(feeds, nodes), createBlockedLowering(8)).nodes.map(({ op }) => op);
    expect(operations(t.leakyRelu(y, 0.1))).not.toContain('LeakyRelu');
    expect(operations(t.leakyRelu(y, 0.1), y)).toContain('LeakyRelu');
  });

  it('declares the shapes of its outputs', () => {
    const feeds = inputs([1, 8, 2, 2]);
    const graph = lowerProgram(programOf(feeds, [t.exp(feeds[0]!)]), createBlockedLowering(8));
    expect(sizeOf(graph.outputs[0]!.dims as readonly number[])).toBe(32);
  });
});
