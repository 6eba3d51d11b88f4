import { describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../../../src/adapters/onnx/lowering/graph-builder.js';
import { intAttribute } from '../../../../src/adapters/onnx/wire/onnx-graph.js';

function builder(): GraphBuilder {
  const made = new GraphBuilder('g');
  made.input('x', [2]);
  return made;
}

describe('GraphBuilder', () => {
  it('keeps equal operations once, and others apart', () => {
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

  it('makes an equal operation again when told to, and knows the first one afterwards', () => {
    const g = builder();
    const first = g.add('Exp', ['x']);
    const [again, once] = g.recompute(() => [g.add('Exp', ['x']), g.add('Exp', ['x'])]);
    expect(again).not.toBe(first);
    expect(once).toBe(again);
    expect(g.add('Exp', ['x'])).toBe(first);
  });

  it('calls the value of an output by its name, wherever it is read, without a copy', () => {
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

  it('copies an input that is an output, and a value that is two outputs', () => {
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

  it('leaves out what no output needs', () => {
    const g = builder();
    g.add('Log', [g.add('Sqrt', ['x'])]);
    g.output('y', [2], g.add('Exp', ['x']));
    expect(g.finish().nodes.map(({ op }) => op)).toEqual(['Exp']);
  });
});
