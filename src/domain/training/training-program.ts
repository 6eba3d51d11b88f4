import { applyNetwork, type NetworkResult, type ParameterNodes } from '../model/apply-network.js';
import type { Network } from '../model/layers.js';
import { noiseShape, type ModelSpec, type TrainingRecipe } from '../model/model-spec.js';
import { initializeParameters, parametersOf, weightsOf } from '../model/parameters.js';
import {
  add,
  divide,
  greater,
  input,
  multiply,
  reshape,
  select,
  slice,
  stopGradient,
  subtract,
} from '../tensor/node-builders.js';
import { gradients } from '../tensor/gradient.js';
import type { Node } from '../tensor/op.js';
import type { Program } from '../tensor/program.js';
import { reuseReductions } from '../tensor/rewrites/reuse-reductions.js';
import { scalar, type NamedTensors, type Tensor } from '../tensor/tensor.js';
import { gradientPenalty, OBJECTIVES } from './objectives.js';
import { adam, nextBiasCorrections, type BiasCorrections } from './optimizer.js';
import { StateBuilder } from './state-builder.js';

/** Names of the training program's feeds and metrics. */
export const TRAINING_FEEDS = { real: 'real', noise: 'noise', condition: 'condition' } as const;
export const TRAINING_METRICS = {
  discriminatorLoss: 'discriminator.loss',
  generatorLoss: 'generator.loss',
  /** [batch], the discriminator's probability that each real roll is real, before its update */
  realProbability: 'verdict.real',
  /** [batch], the same for each generated roll */
  fakeProbability: 'verdict.fake',
} as const;

/** Name of the number of steps in the moving average. */
const AVERAGED_STEPS = 'average.steps';
const CORRECTIONS = { first: 'adam.first_correction', second: 'adam.second_correction' } as const;
const firstMomentName = (weight: string): string => `${weight}.first_moment`;
const secondMomentName = (weight: string): string => `${weight}.second_moment`;

/** Name of the moving average of a generator's weight, which replaces the weight in inference. */
export const averageName = (weight: string): string => `average.${weight}`;

/**
 * One step of adversarial training. The discriminator is updated on the real rolls [batch, channels, pitches, columns]
 * and on rolls generated from the noise [batch, ...]. The generator is updated on the same logits or, without
 * `simultaneousUpdates`, on those of the updated discriminator.
 */
export function trainingProgram(spec: ModelSpec, batch: number): Program {
  const { generator, discriminator, training } = spec;
  const feeds = trainingFeeds(spec, batch);
  const state = new StateBuilder();
  const corrections = addBiasCorrections(state, training);
  const parameters = { generator: state.addNetwork(generator), discriminator: state.addNetwork(discriminator) };
  const context: StepContext = { spec, feeds, state, corrections, parameters };

  const fake = applyNetwork(generator, feeds.noise, parameters.generator, 'training', feeds.condition);
  const discriminatorStep = updateDiscriminator(context, fake.output);
  const generatorStep = updateGenerator(context, fake, discriminatorStep);
  if (training.averageDecay !== undefined)
    addMovingAverages(state, generator, generatorStep.updated, training.averageDecay);

  const { real, noise, condition } = feeds;
  const probabilities = OBJECTIVES[training.objective].probabilities(
    discriminatorStep.onReal.output,
    discriminatorStep.onFake.output,
  );
  return reuseReductions({
    name: `${spec.architecture} depth ${spec.depth}, training step, batch ${batch}`,
    feeds: condition === undefined ? [real, noise] : [real, noise, condition],
    state: state.slots(),
    metrics: [
      { name: TRAINING_METRICS.discriminatorLoss, node: discriminatorStep.loss },
      { name: TRAINING_METRICS.generatorLoss, node: generatorStep.loss },
      { name: TRAINING_METRICS.realProbability, node: reshape(probabilities.real, [batch]) },
      { name: TRAINING_METRICS.fakeProbability, node: reshape(probabilities.fake, [batch]) },
    ],
  });
}

interface TrainingFeeds {
  readonly real: Node<'input'>;
  readonly noise: Node<'input'>;
  /** [batch, conditionSize], the same for both rolls of a pair; undefined for an unconditional GAN. */
  readonly condition: Node<'input'> | undefined;
}

/** Values shared by both halves of a step. */
interface StepContext {
  readonly spec: ModelSpec;
  readonly feeds: TrainingFeeds;
  readonly state: StateBuilder;
  readonly corrections: BiasCorrections;
  /** The parameters before the step. */
  readonly parameters: { readonly generator: ParameterNodes; readonly discriminator: ParameterNodes };
}

interface DiscriminatorStep {
  /** Without the gradient penalty. */
  readonly loss: Node;
  readonly onReal: NetworkResult;
  readonly onFake: NetworkResult;
  readonly updated: ParameterNodes;
}

function trainingFeeds(spec: ModelSpec, batch: number): TrainingFeeds {
  const { discriminator, examples } = spec;
  return {
    real: input(TRAINING_FEEDS.real, [batch, ...discriminator.inputShape]),
    noise: input(TRAINING_FEEDS.noise, [batch, ...noiseShape(spec)]),
    condition: examples && input(TRAINING_FEEDS.condition, [batch, examples.conditionSize]),
  };
}

/** Adam's bias corrections, one pair for both networks, because their betas are equal. */
function addBiasCorrections(state: StateBuilder, { generator }: TrainingRecipe): BiasCorrections {
  const current = { first: state.add(CORRECTIONS.first, []), second: state.add(CORRECTIONS.second, []) };
  const next = nextBiasCorrections(current, generator);
  state.setNext(CORRECTIONS.first, next.first);
  state.setNext(CORRECTIONS.second, next.second);
  return next;
}

function discriminate({ spec, feeds }: StepContext, rolls: Node, parameters: ParameterNodes): NetworkResult {
  const condition = feeds.condition && firstRows(feeds.condition, rolls.shape[0]!);
  return applyNetwork(spec.discriminator, rolls, parameters, 'training', condition);
}

function updateDiscriminator(context: StepContext, fake: Node): DiscriminatorStep {
  const { spec, feeds, parameters } = context;
  const { training } = spec;
  const onReal = discriminate(context, feeds.real, parameters.discriminator);
  const shown = training.simultaneousUpdates ? fake : stopGradient(fake);
  const onFake = discriminate(context, shown, replaceParameters(parameters.discriminator, onReal.statistics));
  const loss = OBJECTIVES[training.objective].discriminator(onReal.output, onFake.output);
  const penalty = buildGradientPenalty(
    training,
    [feeds.real, stopGradient(fake)],
    (rolls) => discriminate(context, rolls, parameters.discriminator).output,
  );
  const penalizedLoss = penalty === undefined ? loss : add(loss, penalty);
  return { loss, onReal, onFake, updated: applyAdam(context, 'discriminator', penalizedLoss) };
}

function updateGenerator(
  context: StepContext,
  fake: NetworkResult,
  { onReal, onFake, updated }: DiscriminatorStep,
): { readonly loss: Node; readonly updated: ParameterNodes } {
  const { spec, feeds, state } = context;
  const { simultaneousUpdates, objective: name } = spec.training;
  const objective = OBJECTIVES[name];
  const fakeLogits = simultaneousUpdates
    ? onFake
    : discriminate(context, fake.output, replaceParameters(updated, onFake.statistics));
  // A relativistic loss ignores a common offset of all logits, so the offset drifts. Both logits of a pair must come
  // from the same weights.
  const realLogits =
    simultaneousUpdates || !objective.generatorUsesReal ? onReal : discriminate(context, feeds.real, updated);
  const loss = objective.generator(fakeLogits.output, realLogits.output);
  const updatedGenerator = applyAdam(context, 'generator', loss);
  for (const [statistic, next] of [...fake.statistics, ...fakeLogits.statistics]) state.setNext(statistic, next);
  return { loss, updated: updatedGenerator };
}

/**
 * Exponential moving averages of the generator's weights (Yazici et al. 2019): a' = a + f (w' - a) with
 * f = max(1 - decay, 3 / (steps + 3)). The larger f of the first steps forgets the initial weights soon.
 */
function addMovingAverages(state: StateBuilder, generator: Network, updated: ParameterNodes, decay: number): void {
  const steps = state.add(AVERAGED_STEPS, []);
  state.setNext(AVERAGED_STEPS, add(steps, 1));
  const warmUp = divide(3, add(steps, 3));
  const factor = select(greater(warmUp, 1 - decay), warmUp, 1 - decay);
  for (const { name, shape } of weightsOf(generator)) {
    const average = state.add(averageName(name), shape);
    const difference = subtract(updated.get(name)!, average);
    state.setNext(averageName(name), add(average, multiply(difference, factor)));
  }
}

/** The first rows of a batch. */
const firstRows = (x: Node, count: number): Node =>
  count === x.shape[0]
    ? x
    : slice(
        x,
        x.shape.map(() => 0),
        [count, ...x.shape.slice(1)],
      );

/** gamma / 2 (R1 + R2), computed on the first rolls of each batch only, which keeps its cost small. */
function buildGradientPenalty(
  { penalty }: TrainingRecipe,
  batches: readonly Node[],
  logitsOf: (rolls: Node) => Node,
): Node | undefined {
  if (penalty === undefined) return undefined;
  const penalties = batches.map((rolls) => {
    const count = Math.max(1, Math.round(penalty.share * rolls.shape[0]!));
    return gradientPenalty(firstRows(rolls, count), logitsOf);
  });
  return multiply(penalties.reduce(add), penalty.gamma / 2);
}

/** The generator's parameters for inference: the moving averages of its weights where the state has them. */
export function inferenceParameters(spec: ModelSpec, state: NamedTensors): NamedTensors {
  const pairs = parametersOf(spec.generator).map(
    ({ name }) => [name, state.get(averageName(name)) ?? state.get(name)!] as const,
  );
  return new Map(pairs);
}

/** The state before the first step. */
export function initialState(spec: ModelSpec, seed: number): NamedTensors {
  const networks = [spec.generator, spec.discriminator];
  const zeros = (of: Tensor): Tensor => ({ shape: of.shape, data: new Float32Array(of.data.length) });
  const values = initializeParameters(networks, seed);
  const averages = weightsOf(spec.generator).flatMap(({ name }) =>
    spec.training.averageDecay === undefined ? [] : [[averageName(name), values.get(name)!] as const],
  );
  const moments = networks.flatMap(weightsOf).flatMap(({ name }) => {
    const weight = values.get(name)!;
    return [
      [firstMomentName(name), zeros(weight)],
      [secondMomentName(name), zeros(weight)],
    ] as const;
  });
  return new Map([
    ...values,
    ...moments,
    ...averages,
    ...(averages.length > 0 ? [[AVERAGED_STEPS, scalar(0)] as const] : []),
    [CORRECTIONS.first, scalar(0)],
    [CORRECTIONS.second, scalar(0)],
  ]);
}

/** One step of Adam on all weights of a network: its parameters with the new weights. */
function applyAdam(
  { spec, state, corrections, parameters }: StepContext,
  which: 'generator' | 'discriminator',
  loss: Node,
): ParameterNodes {
  const current = parameters[which];
  const weights = weightsOf(spec[which]);
  const gradientNodes = gradients(
    loss,
    weights.map(({ name }) => current.get(name)!),
  );
  const next = weights.map(({ name, shape }, i) => {
    const moments = {
      first: state.add(firstMomentName(name), shape),
      second: state.add(secondMomentName(name), shape),
    };
    const stepped = adam(current.get(name)!, gradientNodes[i]!, moments, corrections, spec.training[which]);
    state.setNext(name, stepped.weight);
    state.setNext(firstMomentName(name), stepped.moments.first);
    state.setNext(secondMomentName(name), stepped.moments.second);
    return [name, stepped.weight] as const;
  });
  return replaceParameters(current, new Map(next));
}

const replaceParameters = (parameters: ParameterNodes, replacements: ParameterNodes): ParameterNodes =>
  new Map([...parameters, ...replacements]);
