import { describe, expect, it } from '@jest/globals';
import { createOnnxruntimeEngine } from '../../../src/adapters/onnx/session/onnxruntime-engine.js';
import { createGraphEvaluator } from '../../../src/adapters/reference/graph-evaluator.js';
import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import { applyNetwork } from '../../../src/domain/model/apply-network.js';
import { parametersOf, weightsOf } from '../../../src/domain/model/parameters.js';
import { randomStream } from '../../../src/domain/random.js';
import { add, asScalar, constant, input, matmul, mean, multiply } from '../../../src/domain/tensor/node-builders.js';
import type { Node } from '../../../src/domain/tensor/op.js';
import { gradientPenalty, relativistic } from '../../../src/domain/training/objectives.js';
import {
  averageName,
  TRAINING_FEEDS,
  initialState,
  TRAINING_METRICS,
  trainingProgram,
} from '../../../src/domain/training/training-program.js';
import { apolloFeeds, tinyApollo } from '../../support/model/apollo-fixtures.js';

const BATCH = 2;
const spec = tinyApollo({ penaltyShare: 1, gamma: 3 });
const state = initialState(spec, 5);
const feeds = apolloFeeds(spec, BATCH, 1);

async function stepped(engine: ReturnType<typeof createReferenceEngine>, steps: number) {
  const program = await engine.compile(trainingProgram(spec, BATCH));
  await program.load(state);
  let metrics = await program.step(feeds);
  for (let step = 1; step < steps; step++) metrics = await program.step(feeds);
  const after = await program.read();
  await program.release();
  return { metrics, after };
}
/** A relativistic loss does not depend on an offset of all logits, so their biases have no gradient. */
const hasGradient = ({ name }: { readonly name: string }): boolean => !/(verdict|passage[12])\.2\.bias$/.test(name);

const once = stepped(createReferenceEngine(), 1);

describe('a step of apollo', () => {
  it('gives every weight of both networks a gradient', async () => {
    const { after } = await once;
    for (const { name } of [spec.generator, spec.discriminator].flatMap(weightsOf).filter(hasGradient)) {
      expect({ name, moves: after.get(`${name}.first_moment`)!.data.some((m) => m !== 0) }).toEqual({
        name,
        moves: true,
      });
    }
  });

  it('gives the same metrics and gradients on onnxruntime', async () => {
    const [reference, native] = [await once, await stepped(createOnnxruntimeEngine({ device: 'cpu', threads: 1 }), 1)];
    for (const metric of Object.values(TRAINING_METRICS)) {
      const want = reference.metrics.get(metric)!.data;
      native.metrics.get(metric)!.data.forEach((x, i) => expect(x).toBeCloseTo(want[i]!, 4));
    }
    for (const [name, { data }] of [...reference.after].filter(([name]) => name.endsWith('first_moment'))) {
      const got = native.after.get(name)!.data;
      // The gradients of real and generated tunes nearly cancel in some biases, so small ones are compared with 1e-3.
      const size = Math.max(...data.map(Math.abs), 1e-3);
      const error = Math.max(...data.map((x, i) => Math.abs(x - got[i]!))) / size;
      expect({ name, error: error < 1e-2 ? 'small' : error }).toEqual({ name, error: 'small' });
    }
  });

  it('updates the moving average by the whole difference first, then by less', async () => {
    const [{ after: first }, { after: second }] = [await once, await stepped(createReferenceEngine(), 2)];
    const name = 'generator.in.weight';
    const at = (values: typeof first, key: string): number => values.get(key)!.data[0]!;
    expect(at(first, averageName(name))).toBeCloseTo(at(first, name), 6);
    const between = at(first, name) + 0.75 * (at(second, name) - at(first, name));
    expect(at(second, averageName(name))).toBeCloseTo(between, 6);
    expect(at(second, name)).not.toBe(at(first, name));
  });

  it('has the gradient of the discriminator loss with penalties, by central differences', async () => {
    const { after } = await once;
    const { loss, values } = discriminatorLoss();
    const evaluate = createGraphEvaluator([loss]);
    const lossAt = (weight: string, moved: Float64Array): number =>
      evaluate((node) => (node.params.name === weight ? moved : values.get(node.params.name)!))[0]![0]!;
    for (const [i, { name }] of weightsOf(spec.discriminator).filter(hasGradient).entries()) {
      const random = randomStream(i, 'tests');
      const slope = after.get(`${name}.first_moment`)!.data; // beta1 is 0
      const [direction, here] = [slope.map(() => random.normal()), values.get(name)!];
      const by = (h: number): number =>
        lossAt(
          name,
          here.map((w, j) => w + h * direction[j]!),
        );
      const difference = (by(1e-7) - by(-1e-7)) / 2e-7;
      const terms = Array.from(slope, (g, j) => g * direction[j]!);
      const size = Math.sqrt(terms.reduce((sum, term) => sum + term * term, 0));
      const error = Math.abs(terms.reduce((a, b) => a + b, 0) - difference) / size;
      expect({ name, error: error < 1e-3 ? 'small' : error }).toEqual({ name, error: 'small' });
    }
  });
});

/** The discriminator's loss with penalties, built independently of the training program. */
function discriminatorLoss() {
  const nodes = new Map(
    [spec.generator, spec.discriminator].flatMap(parametersOf).map(({ name, shape }) => [name, input(name, shape)]),
  );
  const [real, noise, condition] = Object.values(TRAINING_FEEDS).map((name) => input(name, feeds.get(name)!.shape)) as [
    Node,
    Node,
    Node,
  ];
  const fake = applyNetwork(spec.generator, noise, nodes, 'training', condition).output;
  const logitsOf = (rolls: Node): Node => applyNetwork(spec.discriminator, rolls, nodes, 'training', condition).output;
  const penalties = add(gradientPenalty(real, logitsOf), gradientPenalty(fake, logitsOf));
  const loss = add(relativistic.discriminator(logitsOf(real), logitsOf(fake)), multiply(penalties, 3 / 2));
  const values = new Map([...state, ...feeds].map(([name, { data }]) => [name, Float64Array.from(data)]));
  return { loss, values };
}

it('the gradient penalty of a linear discriminator is the squared norm of its weights', () => {
  const weights = constant({ shape: [3, 1], data: Float32Array.of(1, -2, 0.5) });
  const rolls = input('rolls', [4, 3]);
  const penalty = gradientPenalty(rolls, (x) => matmul(x, weights));
  expect(createGraphEvaluator([penalty])(() => new Float64Array(12))[0]![0]).toBeCloseTo(5.25, 6);
});

it('the relativistic losses are log 2 for equal logits and mirror each other', () => {
  const logits = (...data: number[]): Node => constant({ shape: [2, 1], data: Float32Array.from(data) });
  const value = (node: Node): number => createGraphEvaluator([node])(() => new Float64Array())[0]![0]!;
  expect(value(relativistic.discriminator(logits(7, 2), logits(7, 2)))).toBeCloseTo(Math.LN2, 6);
  const [real, fake] = [logits(3, 1), logits(1, 2)];
  const want = (Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(1))) / 2;
  expect(value(relativistic.discriminator(real, fake))).toBeCloseTo(want, 6);
  expect(value(relativistic.generator(real, fake))).toBeCloseTo(want, 6);
  expect(value(asScalar(mean(relativistic.probabilities(real, fake).real)))).toBeCloseTo(
    (1 / (1 + Math.exp(-2)) + 1 / (1 + Math.E)) / 2,
    6,
  );
});
