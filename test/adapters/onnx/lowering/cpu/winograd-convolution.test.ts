import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBlockedLowering } from '../../../../../src/adapters/onnx/lowering/cpu/blocked-lowering.js';
import { BLOCKED_DOMAIN } from '../../../../../src/adapters/onnx/lowering/cpu/blocked-ops.js';
import { detectBlockSize } from '../../../../../src/adapters/onnx/session/block-size.js';
import { lowerProgram } from '../../../../../src/adapters/onnx/lowering/lowering.js';
import { encodeModel } from '../../../../../src/adapters/onnx/model/model-file.js';
import { openOrtSession } from '../../../../../src/adapters/onnx/session/ort-session.js';
import {
  defaultWinogradCriterion,
  type WinogradCriterion,
} from '../../../../../src/adapters/onnx/lowering/cpu/winograd-convolution.js';
import * as t from '../../../../../src/domain/tensor/node-builders.js';
import type { ConvGeometry, Node, OpKind } from '../../../../../src/domain/tensor/op.js';
import type { Program } from '../../../../../src/domain/tensor/program.js';
import { evaluateByDefinition } from '../../../../support/tensor/definitions.js';
import { randomTensor } from '../../../../support/tensor/graph-cases.js';

const OPS = ['conv2d', 'conv2dInputGradient', 'conv2dWeightGradient'] as const;
const always = (): boolean => true;

/** The geometry that Winograd's method supports. */
const stride2Geometry = (height: number, width: number): ConvGeometry => ({
  ...{ inputSize: [height, width], kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] },
});

function convolutionOf(kind: (typeof OPS)[number], n: number, from: number, to: number, slide: ConvGeometry): Program {
  const { inputSize, kernel } = slide;
  const half = inputSize.map((size) => size / 2);
  const [x, y, w] = [
    t.input('x', [n, from, ...inputSize]),
    t.input('y', [n, to, ...half]),
    t.input('w', [to, from, ...kernel]),
  ];
  const { node, feeds } = {
    conv2d: { node: t.conv2d(x, w, slide), feeds: [x, w] },
    conv2dInputGradient: { node: t.conv2dInputGradient(y, w, slide), feeds: [y, w] },
    conv2dWeightGradient: { node: t.conv2dWeightGradient(x, y, slide), feeds: [x, y] },
  }[kind];
  return { name: kind, feeds, state: [], metrics: [{ name: 'result', node }] };
}

/** The largest difference of a program's result from its definition, relative to the largest value. */
async function error(program: Program, block: number): Promise<number> {
  const feeds = new Map(program.feeds.map(({ params }, i) => [params.name, randomTensor(params.shape, 3 + i, -1, 1)]));
  const graph = lowerProgram(program, createBlockedLowering(block, always));
  const session = await openOrtSession(encodeModel(graph, { domains: { [BLOCKED_DOMAIN]: 1 } }), {
    device: 'cpu',
    threads: 2,
  });
  try {
    const got = (await session.run(feeds)).get('result')!.data;
    const want = evaluateByDefinition(program.metrics[0]!.node, feeds).values;
    return Math.max(...want.map((value, i) => Math.abs(value - got[i]!))) / Math.max(...want.map(Math.abs));
  } finally {
    await session.release();
  }
}

const operations = (program: Program, block: number, criterion: WinogradCriterion = always): readonly string[] =>
  lowerProgram(program, createBlockedLowering(block, criterion)).nodes.map(({ op }) => op);

describe('Winograd convolutions', () => {
  let block: number;
  beforeAll(async () => {
    block = await detectBlockSize();
    expect(block).toBeGreaterThan(1); // otherwise nothing here tests blocks
  });

  it.each(OPS)('match the definition of %s', async (kind) => {
    const tiles = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
    await fc.assert(
      fc.asyncProperty(tiles, fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }), async (size, a, b) => {
        const slide = stride2Geometry(4 * size[0], 4 * size[1]);
        const program = convolutionOf(kind, block, a * block, b * block, slide);
        expect(operations(program, block)).not.toContain('ConvTranspose');
        expect(operations(program, block).filter((op) => op === 'Conv').length).toBeGreaterThan(9);
        expect(await error(program, block)).toBeLessThan(2e-6);
      }),
      { numRuns: 8 },
    );
  });

  it.each(OPS)('do not replace a %s of another geometry or with channels that do not fill blocks', (kind) => {
    const usesWinograd = (n: number, from: number, slide: ConvGeometry): boolean =>
      operations(convolutionOf(kind, n, from, 8, slide), 8).filter((op) => op === 'Sub' || op === 'Add').length > 0;
    expect(usesWinograd(8, 8, stride2Geometry(8, 8))).toBe(true);
    expect(usesWinograd(8, 8, stride2Geometry(8, 6))).toBe(false);
    expect(usesWinograd(8, 12, stride2Geometry(8, 8))).toBe(false);
    expect(usesWinograd(8, 8, { ...stride2Geometry(8, 8), kernel: [2, 2], padding: [0, 0, 0, 0] })).toBe(false);
  });

  it('share the transformed input of a convolution with its weight gradient', () => {
    const slide = stride2Geometry(8, 8);
    const [x, w, y] = [t.input('x', [8, 8, 8, 8]), t.input('w', [8, 8, 4, 4]), t.input('y', [8, 8, 4, 4])];
    const both: readonly Node<OpKind>[] = [t.conv2d(x, w, slide), t.conv2dWeightGradient(x, y, slide)];
    const metrics = both.map((node, i) => ({ name: `m${i}`, node }));
    const nodes = lowerProgram(
      { name: 'both', feeds: [x, w, y], state: [], metrics },
      createBlockedLowering(8, always),
    ).nodes;
    // 36 transforms of x, 9 of y, and twice nine products
    expect(nodes.filter(({ op }) => op === 'Conv')).toHaveLength(36 + 9 + 18);
  });

  it('transform the input of a weight gradient again where the convolution comes long before it', () => {
    const slide = stride2Geometry(8, 8);
    const [x, w] = [t.input('x', [8, 8, 8, 8]), t.input('w', [8, 8, 4, 4])];
    const y = t.tanh(t.conv2d(x, w, slide));
    const metrics = [{ name: 'dw', node: t.conv2dWeightGradient(x, y, slide) }];
    const nodes = lowerProgram(
      { name: 'both', feeds: [x, w], state: [], metrics },
      createBlockedLowering(8, always),
    ).nodes;
    expect(nodes.filter(({ op }) => op === 'Conv')).toHaveLength(2 * 36 + 9 + 18);
  });

  it('are used for many channels and not for few', () => {
    const isUsed = (depth: number): boolean => {
      const slide = stride2Geometry(16, 64);
      const program = convolutionOf('conv2d', 16, 2 * depth, 4 * depth, slide);
      return operations(program, 8, defaultWinogradCriterion).filter((op) => op === 'Conv').length > 1;
    };
    expect([16, 32, 128].map(isUsed)).toEqual([false, false, true]);
  });
});
