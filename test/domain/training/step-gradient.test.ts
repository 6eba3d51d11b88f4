import { describe, expect, it } from '@jest/globals';
import { createGraphEvaluator } from '../../../src/adapters/reference/graph-evaluator.js';
import { applyNetwork } from '../../../src/domain/model/apply-network.js';
import { dcganA } from '../../../src/domain/model/catalogue/dcgan-a.js';
import { noiseShape } from '../../../src/domain/model/model-spec.js';
import { parametersOf, weightsOf } from '../../../src/domain/model/parameters.js';
import { rollShape } from '../../../src/domain/roll/roll-format.js';
import { randomStream } from '../../../src/domain/random.js';
import { input } from '../../../src/domain/tensor/node-builders.js';
import type { Node } from '../../../src/domain/tensor/op.js';
import { programOutputs } from '../../../src/domain/tensor/program.js';
import { binaryCrossEntropy } from '../../../src/domain/training/objectives.js';
import { DCGAN_ADAM } from '../../../src/domain/model/adam-options.js';
import { initialState, TRAINING_METRICS, trainingProgram } from '../../../src/domain/training/training-program.js';
import { randomTensor, randomIntegerTensor } from '../../support/tensor/graph-cases.js';

type Values = ReadonlyMap<string, Float64Array>;

const BATCH = 2;
const spec = dcganA.build(1);
const { generator, discriminator } = spec;
const doubles = (entries: Iterable<readonly [string, { readonly data: Float32Array }]>): Values =>
  new Map([...entries].map(([name, { data }]) => [name, Float64Array.from(data)]));

/** All inputs of the step: initial weights, rolls of zeros and ones, noise. */
const start: Values = doubles([
  ...initialState(spec, 5),
  ['real', randomIntegerTensor([BATCH, ...rollShape(spec.rollFormat)], 1, 0, 1)],
  ['noise', randomTensor([BATCH, ...noiseShape(spec)], 2)],
]);

const step = trainingProgram(spec, BATCH);
const outputs = [...step.metrics.map(({ name }) => name), ...step.state.map(({ name }) => name)];
const run = evaluateByName(programOutputs(step), outputs);

describe('the gradients of a whole dcgan-a step agree with central differences', () => {
  const after = run(start);
  /** After the first step Adam's first moment is (1 - beta1) g, which gives the gradient g. */
  const gradientOf = (weight: string): Float64Array =>
    after.get(`${weight}.first_moment`)!.map((moment) => moment / (1 - DCGAN_ADAM.beta1));

  it('of the discriminator, through all its layers', () => {
    const weights = weightsOf(discriminator).map(({ name }) => name);
    const metric = step.metrics.find(({ name }) => name === TRAINING_METRICS.discriminatorLoss)!;
    const lossOf = evaluateByName([metric.node], ['loss']);
    const lossAt = (at: Values): number => lossOf(at).get('loss')![0]!;
    expectAgreement(weights, start, gradientOf, lossAt);
  });

  it('of the generator, through the discriminator that has just been updated', () => {
    const fixed = new Map([
      ...start,
      ...parametersOf(discriminator).map(({ name }) => [name, after.get(name)!] as const),
    ]);
    const lossOf = evaluateByName([generatorLoss()], ['loss']);
    const lossAt = (at: Values): number => lossOf(at).get('loss')![0]!;
    expect(lossAt(fixed)).toBeCloseTo(after.get(TRAINING_METRICS.generatorLoss)![0]!, 10);
    const weights = weightsOf(generator).map(({ name }) => name);
    expectAgreement(weights, fixed, gradientOf, lossAt);
  });
});

/** The generator's loss, built independently of the training program. */
function generatorLoss(): Node {
  const nodes = new Map(
    [generator, discriminator].flatMap(parametersOf).map(({ name, shape }) => [name, input(name, shape)]),
  );
  const noise = input('noise', [BATCH, ...noiseShape(spec)]);
  const fake = applyNetwork(generator, noise, nodes, 'training').output;
  const logits = applyNetwork(discriminator, fake, nodes, 'training').output;
  return binaryCrossEntropy.generator(logits, logits);
}

/** Compares directional derivatives for each weight on its own, so that a large gradient hides no small one. */
function expectAgreement(
  weights: readonly string[],
  at: Values,
  gradientOf: (weight: string) => Float64Array,
  lossAt: (at: Values) => number,
): void {
  for (const [i, weight] of weights.entries()) {
    const random = randomStream(i, 'tests');
    const slope = gradientOf(weight);
    const direction = slope.map(() => random.normal());
    const moved = (by: number): number =>
      lossAt(new Map([...at, [weight, at.get(weight)!.map((value, j) => value + by * direction[j]!)]]));
    const h = 1e-7; // so small that almost no LeakyReLU input changes its sign
    const byDifference = (moved(h) - moved(-h)) / (2 * h);
    const terms = slope.map((g, j) => g * direction[j]!);
    const size = Math.sqrt(terms.reduce((sum, term) => sum + term * term, 0));
    const byGradient = terms.reduce((sum, term) => sum + term, 0);
    expect({ weight, moves: size > 1e-9 }).toEqual({ weight, moves: true });
    expect({ weight, error: Math.abs(byGradient - byDifference) / size < 1e-4 }).toEqual({ weight, error: true });
  }
}

function evaluateByName(nodes: readonly Node[], names: readonly string[]): (at: Values) => Values {
  const evaluate = createGraphEvaluator(nodes);
  return (at) => {
    const results = evaluate((node) => at.get(node.params.name)!);
    return new Map(names.map((name, i) => [name, results[i]!]));
  };
}
