import { describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../../../src/adapters/onnx/lowering/graph-builder.js';
import { encodeModel } from '../../../../src/adapters/onnx/model/model-file.js';
import type { OnnxGraph } from '../../../../src/adapters/onnx/wire/onnx-graph.js';
import { openOrtSession, type OpenOrtSession } from '../../../../src/adapters/onnx/session/ort-session.js';
import { openWithFoldedConstants } from '../../../../src/adapters/onnx/session/constant-folding.js';
import { countParameters } from '../../../../src/adapters/onnx/model/count-parameters.js';
import { readGraph } from '../../../../src/adapters/onnx/import/graph-reader.js';
import { randomTensor } from '../../../support/tensor/graph-cases.js';

const OPTIONS = { device: 'cpu', threads: 1 } as const;
const FEEDS = new Map([['x', randomTensor([2, 3])]]);

/** x e^w (as it is and turned) + e^w's square, what is made of w alone being wanted three times, once under a shape of its own. */
function withConstants(): OnnxGraph {
  const g = new GraphBuilder('g');
  g.input('x', [2, 3]);
  const w = g.tensor([6], randomTensor([6], 5).data);
  const grown = g.add('Exp', [w]);
  const [wide, high] = [g.add('Reshape', [grown, g.ints([2, 3])]), g.add('Reshape', [grown, g.ints([3, 2])])];
  const square = g.add('Reshape', [g.add('Mul', [grown, grown]), g.ints([2, 3])]);
  const product = g.add('Mul', ['x', wide]);
  g.output('y', [2, 3], g.add('Add', [product, square]));
  g.output('z', [2, 2], g.add('MatMul', ['x', high]));
  g.output('w', [6], grown);
  return g.finish();
}

/** What is opened and released. */
function watched() {
  const [models, released]: [Uint8Array[], number[]] = [[], []];
  const open: OpenOrtSession = async (model, options) => {
    const at = models.push(model) - 1;
    const session = await openOrtSession(model, options);
    return {
      ...session,
      release: async () => {
        released.push(at);
        await session.release();
      },
    };
  };
  return { models, released, open };
}

const namesOf = (model: Uint8Array): readonly string[] => readGraph(model).nodes.map(({ op }) => op);

describe('openWithFoldedConstants', () => {
  it('gives what the graph gives, at every run', async () => {
    const plain = await openOrtSession(encodeModel(withConstants()), OPTIONS);
    const prepared = await openWithFoldedConstants(withConstants(), openOrtSession, OPTIONS);
    expect(prepared.outputs).toEqual(plain.outputs);
    for (const seed of [1, 2]) {
      const feeds = new Map([['x', randomTensor([2, 3], seed)]]);
      expect(await prepared.run(feeds)).toEqual(await plain.run(feeds));
      expect(await prepared.run(feeds, { wanted: ['z'] })).toEqual(await plain.run(feeds, { wanted: ['z'] }));
    }
    await Promise.all([plain.release(), prepared.release()]);
  });

  it('computes what depends on constants alone once, and leaves none of it to the runs', async () => {
    const { models, released, open } = watched();
    const prepared = await openWithFoldedConstants(withConstants(), open, OPTIONS);
    expect(models).toHaveLength(2);
    expect(namesOf(models[0]!)).toEqual(['Exp', 'Reshape', 'Reshape', 'Mul', 'Reshape']);
    expect([...namesOf(models[1]!)].sort()).toEqual(['Add', 'MatMul', 'Mul']);
    expect(models.map(countParameters)).toEqual([0, 0]); // weights are fed, not copied into a model
    expect(released).toEqual([0]);
    await prepared.release();
    expect(released).toEqual([0, 1]);
  });

  it('opens a graph without such operations as it is', async () => {
    const g = new GraphBuilder('g');
    g.input('x', [2, 3]);
    g.output('y', [2, 3], g.add('Mul', ['x', g.float(2)]));
    const { models, open } = watched();
    const session = await openWithFoldedConstants(g.finish(), open, OPTIONS);
    expect(models).toHaveLength(1);
    expect([...(await session.run(FEEDS)).get('y')!.data]).toEqual([...FEEDS.get('x')!.data].map((x) => x * 2));
    await session.release();
  });

  it('leaves no session open when the constants cannot be computed', async () => {
    const g = new GraphBuilder('g');
    g.input('x', [2, 3]);
    const impossible = g.add('Reshape', [g.add('Exp', [g.tensor([6], new Float32Array(6))]), g.ints([7])]);
    g.output('y', [7], g.add('Exp', [impossible]));
    g.output('z', [2, 3], g.add('Exp', ['x']));
    const { released, open } = watched();
    await expect(openWithFoldedConstants(g.finish(), open, OPTIONS)).rejects.toThrow('onnxruntime');
    expect(released).toEqual([0]);
  });
});
