import { expect, test } from '@jest/globals';
import { readGraph } from '../../../../src/adapters/onnx/import/graph-reader.js';
import { createOnnxruntimeEngine } from '../../../../src/adapters/onnx/session/onnxruntime-engine.js';
import { openOrtSession, type OrtSessionOptions } from '../../../../src/adapters/onnx/session/ort-session.js';
import * as t from '../../../../src/domain/tensor/node-builders.js';
import type { Node } from '../../../../src/domain/tensor/op.js';
import type { Program } from '../../../../src/domain/tensor/program.js';
import { tensorEngineContract } from '../../../contracts/tensor-engine.contract.js';
import { randomTensor } from '../../../support/tensor/graph-cases.js';

tensorEngineContract('onnxruntime, cpu', () => createOnnxruntimeEngine({ device: 'cpu', threads: 2 }));

test('packs the filters of constant weights once, and of weights that are state at every step', async () => {
  const opened: string[][] = [];
  const open = (model: Uint8Array, options: OrtSessionOptions) => {
    opened.push(readGraph(model).nodes.map(({ op }) => op));
    return openOrtSession(model, options);
  };
  const engine = createOnnxruntimeEngine({ device: 'cpu', threads: 2 }, open);
  const x = t.input('x', [2, 64, 4, 4]);
  const geometry = { inputSize: [4, 4], kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] } as const;
  const convolve = (w: Node): Program => ({
    name: 'convolution',
    feeds: [x],
    state: w.op === 'input' ? [{ name: 'w', current: w, next: w }] : [],
    metrics: [{ name: 'y', node: t.conv2d(x, w, geometry) }],
  });
  const w = randomTensor([96, 64, 4, 4], 3);
  const results = [];
  for (const weights of [t.input('w', w.shape), t.constant(w)]) {
    const program = await engine.compile(convolve(weights as Node));
    await program.load(weights.op === 'input' ? new Map([['w', w]]) : new Map());
    results.push((await program.step(new Map([['x', randomTensor(x.shape, 5)]]))).get('y')!.data);
    await program.release();
  }
  const [step, folding, folded] = opened as [string[], string[], string[]];
  expect(opened).toHaveLength(3);
  expect(step.filter((op) => op !== 'Identity').sort()).toEqual([...folding, ...folded].sort());
  expect([folding, folded].map((nodes) => nodes.includes('Conv'))).toEqual([false, true]);
  const [asState, asConstant] = results as [Float32Array, Float32Array];
  expect([...asConstant]).toEqual([...asState]);
});
