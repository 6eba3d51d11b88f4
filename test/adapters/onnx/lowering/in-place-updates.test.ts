import { describe, expect, it } from '@jest/globals';
import { findInPlaceUpdates } from '../../../../src/adapters/onnx/lowering/in-place-updates.js';
import * as t from '../../../../src/domain/tensor/node-builders.js';
import type { Node } from '../../../../src/domain/tensor/op.js';
import type { Program } from '../../../../src/domain/tensor/program.js';

const [a, b] = [t.input('a', [2, 2]), t.input('b', [2, 2])];

function program(next: { a: Node; b: Node }, metrics: readonly Node[] = []): Program {
  return {
    name: 'p',
    feeds: [],
    state: [
      { name: 'a', current: a, next: next.a },
      { name: 'b', current: b, next: next.b },
    ],
    metrics: metrics.map((node, i) => ({ name: `m${i}`, node })),
  };
}
const inPlace = (...arguments_: Parameters<typeof program>): readonly string[] => [
  ...findInPlaceUpdates(program(...arguments_)),
];

describe('findInPlaceUpdates', () => {
  it('allows overwriting state that only its own next value reads', () => {
    expect(inPlace({ a: t.multiply(t.add(a, 1), a), b: t.exp(b) })).toEqual(['a', 'b']);
  });

  it('keeps state that another operation reads, which might run later', () => {
    expect(inPlace({ a: t.exp(a), b: t.add(b, a) })).toEqual(['b']);
    expect(inPlace({ a: t.exp(a), b: t.exp(b) }, [t.tanh(a)])).toEqual(['b']);
  });

  it('allows overwriting state that the next value of another reads before its own is computed', () => {
    const read = t.add(a, b);
    expect(inPlace({ a: t.multiply(read, 2), b: t.exp(read) })).toEqual(['a', 'b']);
    expect(inPlace({ a: t.multiply(read, 2), b: t.add(read, a) })).toEqual(['b']);
  });

  it('keeps state that an operation outside its update reads in another shape', () => {
    const flat = t.reshape(a, [4]);
    expect(inPlace({ a: t.reshape(t.exp(flat), [2, 2]), b: t.exp(b) })).toContain('a');
    expect(inPlace({ a: t.reshape(t.exp(flat), [2, 2]), b: t.exp(b) }, [t.sum(flat)])).not.toContain('a');
  });

  it('keeps state that is passed on unchanged', () => {
    expect(inPlace({ a: a, b: a })).toEqual(['b']); // nothing reads b
    expect(inPlace({ a: t.reshape(a, [2, 2]), b: t.exp(b) })).toEqual(['b']);
  });
});
