import { describe, expect, it } from '@jest/globals';
import { int64Tensor, type OnnxGraph, type OnnxNode } from '../../../../src/adapters/onnx/wire/onnx-graph.js';
import { withSymbolicBatch } from '../../../../src/adapters/onnx/lowering/symbolic-batch.js';

const graph = (...nodes: readonly OnnxNode[]): OnnxGraph => ({
  name: 'g',
  nodes,
  initializers: [int64Tensor('row', [1, 6]), int64Tensor('flat', [6])],
  inputs: [{ name: 'x', type: 'float32', dims: [1, 2, 3] }],
  outputs: [{ name: 'y', type: 'float32', dims: [1, 6] }],
});
const reshape = (input: string, shape: string): OnnxNode => ({ op: 'Reshape', inputs: [input, shape], outputs: ['y'] });

describe('withSymbolicBatch', () => {
  it('makes axis 0 of inputs, outputs and reshaped values symbolic', () => {
    const symbolic = withSymbolicBatch(graph({ op: 'Exp', inputs: ['x'], outputs: ['e'] }, reshape('e', 'row')));
    expect([symbolic.inputs[0]!.dims, symbolic.outputs[0]!.dims]).toEqual([
      ['batch', 2, 3],
      ['batch', 6],
    ]);
    const shape = symbolic.initializers.find(({ name }) => name === symbolic.nodes[1]!.inputs[1])!;
    expect(Array.from(shape.data as BigInt64Array, Number)).toEqual([0, 6]); // 0 keeps the length
  });

  it('leaves constants as they are', () => {
    const before = graph(reshape('w', 'row'));
    expect(withSymbolicBatch(before).nodes).toEqual(before.nodes);
  });

  it('refuses a network that mixes rows', () => {
    expect(() => withSymbolicBatch(graph(reshape('x', 'flat')))).toThrow('batch axis');
  });
});
