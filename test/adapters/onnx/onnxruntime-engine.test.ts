import { expect, test } from '@jest/globals';
import { makeOnnxruntimeEngine } from '../../../src/adapters/onnx/onnxruntime-engine.js';
import { openOrtSession, type OrtSessionOptions } from '../../../src/adapters/onnx/ort-session.js';
import * as t from '../../../src/domain/tensor/build.js';
import type { Node } from '../../../src/domain/tensor/op.js';
import type { Program } from '../../../src/domain/tensor/program.js';
import { tensorEngineContract } from '../../contracts/tensor-engine.contract.js';
import { scattered } from '../../support/tensor/feeds.js';

tensorEngineContract('onnxruntime, cpu', () => makeOnnxruntimeEngine({ device: 'cpu', threads: 2 }));

test('has a program looked through by onnxruntime only where its weights are constants', async () => {
  const opened: (boolean | undefined)[] = [];
  const open = (model: Uint8Array, options: OrtSessionOptions) => {
    opened.push(options.optimise);
    return openOrtSession(model, options);
  };
  const engine = makeOnnxruntimeEngine({ device: 'cpu', threads: 2 }, open);
  const x = t.input('x', [2, 300]);
  const by = (w: Node): Program => ({
    name: 'product',
    feeds: [x],
    state: w.op === 'input' ? [{ name: 'w', current: w, next: w }] : [],
    metrics: [{ name: 'y', node: t.matmul(x, w) }],
  });
  const w = scattered([300, 300], 3);
  const results = [];
  for (const weights of [t.input('w', w.shape), t.constant(w)]) {
    const program = await engine.compile(by(weights as Node));
    await program.load(weights.op === 'input' ? new Map([['w', w]]) : new Map());
    results.push((await program.step(new Map([['x', scattered([2, 300], 5)]]))).get('y')!.data);
    await program.release();
  }
  expect(opened).toEqual([false, true]);
  const [asState, asConstant] = results as [Float32Array, Float32Array];
  asState.forEach((value, i) => expect(value).toBeCloseTo(asConstant[i]!, 4));
});
