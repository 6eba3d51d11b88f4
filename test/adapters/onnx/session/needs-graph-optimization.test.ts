import { expect, it } from '@jest/globals';
import { lowerProgram } from '../../../../src/adapters/onnx/lowering/lowering.js';
import { encodeModel } from '../../../../src/adapters/onnx/model/model-file.js';
import type { OnnxTensor } from '../../../../src/adapters/onnx/wire/onnx-graph.js';
import { needsGraphOptimization } from '../../../../src/adapters/onnx/session/needs-graph-optimization.js';
import { constant, conv2d, input } from '../../../../src/domain/tensor/node-builders.js';
import type { Pair } from '../../../../src/domain/tensor/op.js';
import { randomTensor } from '../../../support/tensor/graph-cases.js';

const graphWith = (kernel: Pair) => {
  const x = input('x', [1, 2, 4, 8]);
  const w = constant(randomTensor([3, 2, ...kernel]));
  const node = conv2d(x, w, { inputSize: [4, 8], kernel, stride: [1, 1], padding: [0, 0, 0, 0] });
  return lowerProgram({ name: 'case', feeds: [x], state: [], metrics: [{ name: 'y', node }] });
};

it('optimizes 2D convolutions and weights of reduced precision, but not networks along time', () => {
  const along = graphWith([1, 3]);
  const halves: OnnxTensor = { name: 'half', type: 'float16', dims: [2], data: new Uint16Array(2) };
  expect(needsGraphOptimization(encodeModel(graphWith([2, 1])))).toBe(true);
  expect(needsGraphOptimization(encodeModel(along))).toBe(false);
  expect(needsGraphOptimization(encodeModel({ ...along, initializers: [...along.initializers, halves] }))).toBe(true);
});
