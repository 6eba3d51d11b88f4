import { describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../../../src/adapters/onnx/lowering/graph-builder.js';
import { intAttribute } from '../../../../src/adapters/onnx/wire/onnx-graph.js';

function builder(): GraphBuilder {
  const g = new GraphBuilder('g');
  g.input('x', [2]);
  return g;
}

describe('GraphBuilder', () => {
  it('adds equal operations once and different ones separately', () => {
    const g = builder();
    expect(g.add('Exp', ['x'])).toBe(g.add('Exp', ['x']));
    const names = [
      g.add('Exp', ['x']),
      g.add('Log', ['x']),
      g.add('Exp', ['x'], { a: intAttribute(1) }),
      g.add('Exp', ['x'], {}, 'own'),
    ];
    expect(new Set(names).size).toBe(4);
  });

  it('recomputes an equal operation on request and reuses the first one afterwards', () => {
    const g = builder();
    const first = g.add('Exp', ['x']);
    const [again, once] = g.recompute(() => [g.add('Exp', ['x']), g.add('Exp', ['x'])]);
    expect(again).not.toBe(first);
    expect(once).toBe(again);
    expect(g.add('Exp', ['x'])).toBe(first);
  });

  it('gives a value the name of its output wherever it is read, without a copy', () => {
    const g = builder();
    const e = g.add('Exp', ['x']);
    g.output('y', [2], e);
    g.output('z', [2], g.add('Log', [e]));
    const { nodes } = g.finish();
    expect(nodes.map(({ op, inputs, outputs }) => [op, inputs, outputs])).toEqual([
      ['Exp', ['x'], ['y']],
      ['Log', ['y'], ['z']],
    ]);
  });

  it('copies an input that is also an output, and a value that is two outputs', () => {
    const g = builder();
    const e = g.add('Exp', ['x']);
    g.output('y', [2], e);
    g.output('again', [2], e);
    g.output('same', [2], 'x');
    const copies = g.finish().nodes.filter(({ op }) => op === 'Identity');
    expect(copies.map(({ inputs, outputs }) => [...inputs, ...outputs])).toEqual([
      ['y', 'again'],
      ['x', 'same'],
    ]);
  });

  it('omits operations that no output needs', () => {
    const g = builder();
    g.add('Log', [g.add('Sqrt', ['x'])]);
    g.output('y', [2], g.add('Exp', ['x']));
    expect(g.finish().nodes.map(({ op }) => op)).toEqual(['Exp']);
  });
});
