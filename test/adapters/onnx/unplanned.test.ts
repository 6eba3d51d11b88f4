import { describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../../src/adapters/onnx/graph-builder.js';
import { encodeModel } from '../../../src/adapters/onnx/model-file.js';
import { openOrtSession } from '../../../src/adapters/onnx/ort-session.js';
import { unplanned } from '../../../src/adapters/onnx/unplanned.js';
import { scattered } from '../../support/tensor/feeds.js';

function graph(): GraphBuilder {
  const g = new GraphBuilder('g');
  g.input('x', [2, 6]);
  g.input('one', []);
  const turned = g.add('Reshape', [g.add('Exp', ['x']), g.ints([3, 4])]);
  g.output('y', [3, 4], g.add('Add', [turned, 'one']));
  g.output('s', [], g.add('Reshape', [g.add('ReduceSum', [turned]), g.ints([])]));
  return g;
}

describe('unplanned', () => {
  it('tells no first length, of inputs, outputs or what is reshaped', () => {
    const { inputs, outputs, nodes, initializers } = unplanned(graph().finish());
    expect([...inputs, ...outputs].map(({ dims }) => dims)).toEqual([['', 6], [], ['', 4], []]);
    const shapes = nodes
      .filter(({ op }) => op === 'Reshape')
      .map(({ inputs: [, shape] }) => initializers.find(({ name }) => name === shape)!.data as BigInt64Array);
    expect(shapes.map((shape) => Array.from(shape, Number))).toEqual([[-1, 4], []]);
  });

  it('changes no value', async () => {
    const feeds = new Map([
      ['x', scattered([2, 6])],
      ['one', scattered([])],
    ]);
    const results = [];
    for (const each of [graph().finish(), unplanned(graph().finish())]) {
      const session = await openOrtSession(encodeModel(each), { device: 'cpu', threads: 1 });
      results.push(await session.run(feeds));
      await session.release();
    }
    expect(results[1]).toEqual(results[0]);
  });
});
