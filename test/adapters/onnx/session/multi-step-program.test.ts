import { describe, expect, it } from '@jest/globals';
import { lowerMultiStep } from '../../../../src/adapters/onnx/lowering/loop-lowering.js';
import { createOnnxruntimeEngine } from '../../../../src/adapters/onnx/session/onnxruntime-engine.js';
import { openOrtSession, type OpenOrtSession } from '../../../../src/adapters/onnx/session/ort-session.js';
import { buildModel } from '../../../../src/domain/model/catalogue/catalogue.js';
import { programOutputs } from '../../../../src/domain/tensor/program.js';
import { sizeOf, type NamedTensors } from '../../../../src/domain/tensor/tensor.js';
import { trainingProgram } from '../../../../src/domain/training/training-program.js';
import type { MultiStepProgram } from '../../../../src/ports/tensor-engine.js';
import { tensorEngineContract } from '../../../contracts/tensor-engine.contract.js';
import { bitsOf } from '../../../support/run-fixtures.js';
import { penaltyFeeds, penaltyProgram, penaltyState } from '../../../support/tensor/penalty-program.js';

/** A cuda that is the cpu, and counts what crosses its bus. */
function pretendedCuda() {
  const crossed = { numbers: 0, runs: 0 };
  const count = (tensors: NamedTensors): void => tensors.forEach(({ data }) => void (crossed.numbers += data.length));
  const open: OpenOrtSession = async (model, options) => {
    expect(options.device).toBe('cuda');
    const session = await openOrtSession(model, { ...options, device: 'cpu' });
    return {
      ...session,
      async run(feeds) {
        const results = await session.run(feeds);
        crossed.runs++;
        [feeds, results].forEach(count);
        return results;
      },
    };
  };
  return { engine: createOnnxruntimeEngine({ device: 'cuda', threads: 1 }, open), crossed };
}

// The very graphs that cuda gets, on the cpu.
tensorEngineContract('onnxruntime, cuda (fake device)', () => pretendedCuda().engine);

describe('several steps in one run', () => {
  const lessons = Array.from({ length: 7 }, (_, step) => penaltyFeeds(step));

  it('give the metrics and the state of as many single steps, bit for bit', async () => {
    const single = await createOnnxruntimeEngine({ device: 'cpu', threads: 1 }).compile(penaltyProgram());
    await single.load(penaltyState());
    const want: NamedTensors[] = [];
    for (const feeds of lessons) want.push(await single.step(feeds));

    const many = (await pretendedCuda().engine.compile(penaltyProgram())) as MultiStepProgram;
    await many.load(penaltyState());
    const got = [...(await many.steps(lessons.slice(0, 5))), await many.step(lessons[5]!), ...(await many.steps([])), ...(await many.steps(lessons.slice(6)))]; // prettier-ignore
    expect(got.map(bitsOf)).toEqual(want.map(bitsOf));
    expect(bitsOf(await many.read())).toEqual(bitsOf(await single.read()));
    expect(many.stepsPerRun).toBeGreaterThan(1);
    await Promise.all([single.release(), many.release()]);
  });

  it('carry the state over the bus once there and once back', async () => {
    const { engine, crossed } = pretendedCuda();
    const program = (await engine.compile(penaltyProgram())) as MultiStepProgram;
    await program.load(penaltyState());
    await program.steps(lessons);
    const count = (tensors: NamedTensors): number => [...tensors.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0); // prettier-ignore
    const metrics = penaltyProgram().metrics.length;
    expect(crossed).toEqual({ runs: 1, numbers: 2 * count(penaltyState()) + 7 * (count(lessons[0]!) + metrics) });
    await program.release();
  });

  it('are one graph for the whole training step too, its body as large as the step', () => {
    const program = trainingProgram(buildModel('dcgan-a', 2), 2);
    const graph = lowerMultiStep(program);
    const loop = graph.nodes.find(({ op }) => op === 'Loop')!;
    const body = loop.attributes!['body'] as { readonly value: { readonly nodes: readonly unknown[] } };
    expect(body.value.nodes.length).toBeGreaterThan(500);
    expect(graph.outputs).toHaveLength(programOutputs(program).length);
  });
});
