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

/** A fake cuda device on the cpu that counts the numbers that cross the bus. */
function fakeCuda() {
  const copied = { numbers: 0, runs: 0 };
  const count = (tensors: NamedTensors): void => tensors.forEach(({ data }) => void (copied.numbers += data.length));
  const open: OpenOrtSession = async (model, options) => {
    expect(options.device).toBe('cuda');
    const session = await openOrtSession(model, { ...options, device: 'cpu' });
    return {
      ...session,
      async run(feeds) {
        const results = await session.run(feeds);
        copied.runs++;
        [feeds, results].forEach(count);
        return results;
      },
    };
  };
  return { engine: createOnnxruntimeEngine({ device: 'cuda', threads: 1 }, open), copied };
}

// Runs the graphs for cuda on the cpu.
tensorEngineContract('onnxruntime, cuda (fake device)', () => fakeCuda().engine);

describe('several steps in one run', () => {
  const feedsOfSteps = Array.from({ length: 7 }, (_, step) => penaltyFeeds(step));

  it('give the metrics and the state of as many single steps, bit for bit', async () => {
    const single = await createOnnxruntimeEngine({ device: 'cpu', threads: 1 }).compile(penaltyProgram());
    await single.load(penaltyState());
    const want: NamedTensors[] = [];
    for (const feeds of feedsOfSteps) want.push(await single.step(feeds));

    const many = (await fakeCuda().engine.compile(penaltyProgram())) as MultiStepProgram;
    await many.load(penaltyState());
    const got = [
      ...(await many.steps(feedsOfSteps.slice(0, 5))),
      await many.step(feedsOfSteps[5]!),
      ...(await many.steps([])),
      ...(await many.steps(feedsOfSteps.slice(6))),
    ];
    expect(got.map(bitsOf)).toEqual(want.map(bitsOf));
    expect(bitsOf(await many.read())).toEqual(bitsOf(await single.read()));
    expect(many.stepsPerRun).toBeGreaterThan(1);
    await Promise.all([single.release(), many.release()]);
  });

  it('copy the state to the device once and back once', async () => {
    const { engine, copied } = fakeCuda();
    const program = (await engine.compile(penaltyProgram())) as MultiStepProgram;
    await program.load(penaltyState());
    await program.steps(feedsOfSteps);
    const count = (tensors: NamedTensors): number =>
      [...tensors.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const metrics = penaltyProgram().metrics.length;
    expect(copied).toEqual({ runs: 1, numbers: 2 * count(penaltyState()) + 7 * (count(feedsOfSteps[0]!) + metrics) });
    await program.release();
  });

  it('put a whole training step into the body of one loop', () => {
    const program = trainingProgram(buildModel('dcgan-a', 2), 2);
    const graph = lowerMultiStep(program);
    const loop = graph.nodes.find(({ op }) => op === 'Loop')!;
    const body = loop.attributes!['body'] as { readonly value: { readonly nodes: readonly unknown[] } };
    expect(body.value.nodes.length).toBeGreaterThan(500);
    expect(graph.outputs).toHaveLength(programOutputs(program).length);
  });
});
