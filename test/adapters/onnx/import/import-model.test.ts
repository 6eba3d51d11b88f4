import { describe, expect, it } from '@jest/globals';
import { lowerProgram } from '../../../../src/adapters/onnx/lowering/lowering.js';
import { encodeModel } from '../../../../src/adapters/onnx/model/model-file.js';
import { importModel } from '../../../../src/adapters/onnx/import/import-model.js';
import { createReferenceEngine } from '../../../../src/adapters/reference/reference-engine.js';
import { DamagedFileError } from '../../../../src/domain/errors.js';
import type { OpKind } from '../../../../src/domain/tensor/op.js';
import type { Program } from '../../../../src/domain/tensor/program.js';
import type { NamedTensors } from '../../../../src/domain/tensor/tensor.js';
import { topologicalOrder } from '../../../../src/domain/tensor/topological-order.js';
import type { GraphCase } from '../../../support/tensor/graph-cases.js';
import { operationCases } from '../../../support/tensor/operation-cases.js';

const programOf = ({ node }: GraphCase): Program => ({
  name: 'case',
  feeds: topologicalOrder([node]).filter((n) => n.op === 'input'),
  state: [],
  metrics: [{ name: 'result', node }],
});

async function resultOf(program: Program, feeds: NamedTensors) {
  const compiled = await createReferenceEngine().compile(program);
  return (await compiled.step(feeds)).get('result')!;
}

/** Operations that only differentiation creates. No generator has them. */
const GRADIENT_OPS: readonly OpKind[] = ['conv2dWeightGradient', 'leakyReluSlope'];
const cases = Object.entries(operationCases)
  .filter(([op]) => !GRADIENT_OPS.includes(op as OpKind))
  .flatMap(([op, all]) => all.map((c, i) => ({ op, ...c, i })));

describe('importModel', () => {
  it.each(cases)('computes what the lowered program computes: $op, $name ($i)', async ({ op: _op, i: _i, ...own }) => {
    const program = programOf(own);
    const imported = importModel('read back', encodeModel(lowerProgram(program)));
    expect(imported.feeds.map(({ params }) => params)).toEqual(program.feeds.map(({ params }) => params));
    const [got, want] = [await resultOf(imported, own.feeds), await resultOf(program, own.feeds)];
    expect(got.shape).toEqual(want.shape);
    want.data.forEach((value, at) => {
      const difference = Math.abs(got.data[at]! - value);
      expect(Object.is(got.data[at], value) || difference <= 1e-5 * Math.max(1, Math.abs(value))).toBe(true);
    });
  });

  it.each(GRADIENT_OPS)('refuses an operation of training steps: %s', (op) => {
    const [own] = operationCases[op];
    const file = encodeModel(lowerProgram(programOf(own!)));
    expect(() => importModel('read back', file)).toThrow(DamagedFileError);
  });

  it('refuses an inconsistent graph', () => {
    const [own] = operationCases.matmul;
    const graph = lowerProgram(programOf(own!));
    const broken = [
      { ...graph, nodes: graph.nodes.slice(1) },
      { ...graph, inputs: graph.inputs.map((value) => ({ ...value, dims: [5, 7] })) },
      { ...graph, outputs: [...graph.outputs, { ...graph.outputs[0]!, name: 'other' }] },
    ];
    for (const each of broken) expect(() => importModel('read back', encodeModel(each))).toThrow(DamagedFileError);
  });
});
