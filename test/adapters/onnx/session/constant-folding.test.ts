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

/** x e^w + (e^w)^2, and a matrix product with e^w. Three results depend on w alone; one of them is an output. */
function withConstants(): OnnxGraph {
  const g = new GraphBuilder('g');
  g.input('x', [2, 3]);
  const w = g.tensor([6], randomTensor([6], 5).data);
  const exp = g.add('Exp', [w]);
  const [wide, tall] = [g.add('Reshape', [exp, g.ints([2, 3])]), g.add('Reshape', [exp, g.ints([3, 2])])];
  const square = g.add('Reshape', [g.add('Mul', [exp, exp]), g.ints([2, 3])]);
  const product = g.add('Mul', ['x', wide]);
  g.output('y', [2, 3], g.add('Add', [product, square]));
  g.output('z', [2, 2], g.add('MatMul', ['x', tall]));
  g.output('w', [6], exp);
  return g.finish();
}

/** Opens sessions and records which are opened and released. */
function recordingOpener() {
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
  it('computes what the graph computes, at every run', async () => {
    const plain = await openOrtSession(encodeModel(withConstants()), OPTIONS);
    const folded = await openWithFoldedConstants(withConstants(), openOrtSession, OPTIONS);
    expect(folded.outputNames).toEqual(plain.outputNames);
    for (const seed of [1, 2]) {
      const feeds = new Map([['x', randomTensor([2, 3], seed)]]);
      expect(await folded.run(feeds)).toEqual(await plain.run(feeds));
      expect(await folded.run(feeds, { outputs: ['z'] })).toEqual(await plain.run(feeds, { outputs: ['z'] }));
    }
    await Promise.all([plain.release(), folded.release()]);
  });

  it('computes what depends on constants alone once, not at each run', async () => {
    const { models, released, open } = recordingOpener();
    const folded = await openWithFoldedConstants(withConstants(), open, OPTIONS);
    expect(models).toHaveLength(2);
    expect(namesOf(models[0]!)).toEqual(['Exp', 'Reshape', 'Reshape', 'Mul', 'Reshape']);
    expect([...namesOf(models[1]!)].sort()).toEqual(['Add', 'MatMul', 'Mul']);
    expect(models.map(countParameters)).toEqual([0, 0]); // weights are fed, not copied into a model
    expect(released).toEqual([0]);
    await folded.release();
    expect(released).toEqual([0, 1]);
  });

  it('opens a graph without such operations unchanged', async () => {
    const g = new GraphBuilder('g');
    g.input('x', [2, 3]);
    g.output('y', [2, 3], g.add('Mul', ['x', g.float(2)]));
    const { models, open } = recordingOpener();
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
    const { released, open } = recordingOpener();
    await expect(openWithFoldedConstants(g.finish(), open, OPTIONS)).rejects.toThrow('onnxruntime');
    expect(released).toEqual([0]);
  });
});
