import { describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../../../src/adapters/onnx/lowering/graph-builder.js';
import { encodeModel } from '../../../../src/adapters/onnx/model/model-file.js';
import { openOrtSession } from '../../../../src/adapters/onnx/session/ort-session.js';
import { tensor } from '../../../support/tensor/graph-cases.js';

describe('openOrtSession', () => {
  const open = () => {
    const g = new GraphBuilder('g');
    g.input('x', [2]);
    g.output('y', [2], g.add('Add', ['x', g.float(1)]));
    g.output('z', [2], g.add('Mul', ['x', g.float(3)]));
    return openOrtSession(encodeModel(g.finish()), { device: 'cpu', threads: 1 });
  };

  it('writes outputs into given tensors, also over its feeds, and returns the others', async () => {
    const session = await open();
    const [x, y] = [tensor([2], 1, 2), tensor([2], 0, 0)];
    const first = await session.run(new Map([['x', x]]), { into: new Map([['y', y]]) });
    expect(first.get('y')).toBe(y);
    expect([...y.data, ...first.get('z')!.data]).toEqual([2, 3, 3, 6]);
    await session.run(new Map([['x', x]]), { into: new Map([['y', x]]) });
    expect([...x.data]).toEqual([2, 3]);
    await session.release();
  });

  it('returns new tensors that later runs do not change', async () => {
    const session = await open();
    const first = await session.run(new Map([['x', tensor([2], 1, 2)]]));
    await session.run(new Map([['x', tensor([2], 5, 6)]]));
    expect([...first.get('y')!.data]).toEqual([2, 3]);
    await session.release();
  });
});
