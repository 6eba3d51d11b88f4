import { describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../../../src/adapters/onnx/lowering/graph-builder.js';
import { encodeModel } from '../../../../src/adapters/onnx/model/model-file.js';
import { openOrtSession } from '../../../../src/adapters/onnx/session/ort-session.js';
import { stripShapes } from '../../../../src/adapters/onnx/lowering/strip-shapes.js';
import { randomTensor } from '../../../support/tensor/graph-cases.js';

function graph(): GraphBuilder {
  const g = new GraphBuilder('g');
  g.input('x', [2, 6]);
  g.input('one', []);
  const turned = g.add('Reshape', [g.add('Exp', ['x']), g.ints([3, 4])]);
  g.output('y', [3, 4], g.add('Add', [turned, 'one']));
  g.output('s', [], g.add('Reshape', [g.add('ReduceSum', [turned]), g.ints([])]));
  return g;
}

describe('stripShapes', () => {
  it('strips the shapes of inputs, outputs and the results of Reshape', () => {
    const { inputs, outputs, nodes, initializers } = stripShapes(graph().finish());
    expect([...inputs, ...outputs].every(({ isOfAnyShape }) => isOfAnyShape)).toBe(true);
    const shapes = nodes.filter(({ op }) => op === 'Reshape').map(({ inputs: [, shape] }) => shape!);
    expect(shapes).toHaveLength(2);
    // Inputs with defaults need no feed.
    expect(inputs.map(({ name }) => name)).toEqual(expect.arrayContaining(shapes));
    expect(initializers.map(({ name }) => name)).toEqual(expect.arrayContaining(shapes));
  });

  it('changes no value', async () => {
    const feeds = new Map([
      ['x', randomTensor([2, 6])],
      ['one', randomTensor([])],
    ]);
    const results = [];
    for (const each of [graph().finish(), stripShapes(graph().finish())]) {
      const session = await openOrtSession(encodeModel(each), { device: 'cpu', threads: 1 });
      results.push(await session.run(feeds));
      await session.release();
    }
    expect(results[1]).toEqual(results[0]);
  });
});
