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
import type { Program, StateSlot } from '../tensor/program.js';
import { reuseReductions } from '../tensor/rewrites/reuse-reductions.js';
import { scalar, type NamedTensors, type Tensor } from '../tensor/tensor.js';
import { gradientPenalty, OBJECTIVES } from './objectives.js';
import { adam, nextBiasCorrections, type BiasCorrections } from './optimizer.js';
import type { AdamOptions } from '../model/adam-options.js';

/** Names of the program's feeds and metrics. */
export const TRAINING_FEEDS = { real: 'real', noise: 'noise', condition: 'condition' } as const;
export const TRAINING_METRICS = {
  discriminatorLoss: 'discriminator.loss',
  generatorLoss: 'generator.loss',
  /** [batch], the discriminator's certainty that a roll is real, before its update */
  realProbability: 'verdict.real',
  fakeProbability: 'verdict.fake',
} as const;

/** Steps that the moving average has seen. */
const AVERAGED_STEPS = 'average.steps';
const CORRECTIONS = { first: 'adam.first_correction', second: 'adam.second_correction' } as const;
const firstMomentName = (weight: string): string => `${weight}.first_moment`;
const secondMomentName = (weight: string): string => `${weight}.second_moment`;

/** The moving average of a generator's weight, which composes in its place. */
export const averageName = (weight: string): string => `average.${weight}`;

/**
 * One step of adversarial training: the discriminator judges the real rolls [batch, channels, pitches, columns] and what
 * the generator draws from the noise [batch, ...], and is updated; the generator is updated by the same judgement or by a new one of the
 * better discriminator, as the model's recipe says. Feeds, state and metrics are named as above and by `parametersOf`.
 */
export function trainingProgram(spec: ModelSpec, batch: number): Program {
  const { generator, discriminator, training } = spec;
  const objective = OBJECTIVES[training.objective];
  const real = input(TRAINING_FEEDS.real, [batch, ...discriminator.inputShape]);
  const noise = input(TRAINING_FEEDS.noise, [batch, ...noiseShape(spec)]);
  const condition = conditionFeed(spec, batch);
  const state = new StateBuilder();
  const corrections: BiasCorrections = {
    first: state.add(CORRECTIONS.first, []),
    second: state.add(CORRECTIONS.second, []),
  };
  const [ofGenerator, ofDiscriminator] = [state.addNetwork(generator), state.addNetwork(discriminator)];
  // The betas are those of both networks, and so are the corrections.
  const corrected = nextBiasCorrections(corrections, training.generator);
  state.setNext(CORRECTIONS.first, corrected.first);
  state.setNext(CORRECTIONS.second, corrected.second);

  const drawn = applyNetwork(generator, noise, ofGenerator, 'training', condition);
  const judge = (rolls: Node, parameters: ParameterNodes): NetworkResult =>
    applyNetwork(discriminator, rolls, parameters, 'training', condition && firstRows(condition, rolls.shape[0]!));
  const onReal = judge(real, ofDiscriminator);
  const shown = training.simultaneousUpdates ? drawn.output : stopGradient(drawn.output);
  const onFake = judge(shown, replaceParameters(ofDiscriminator, onReal.statistics));
  const discriminatorLoss = objective.discriminator(onReal.output, onFake.output);
  const penalty = buildGradientPenalty(
    training,
    [real, stopGradient(drawn.output)],
    (rolls) => judge(rolls, ofDiscriminator).output,
  );
  const penalised = penalty === undefined ? discriminatorLoss : add(discriminatorLoss, penalty);
  const better = applyAdam(discriminator, ofDiscriminator, penalised, corrected, training.discriminator, state);

  const last = training.simultaneousUpdates
    ? onFake
    : judge(drawn.output, replaceParameters(better, onFake.statistics));
  // The offset of all logits drifts freely under a relativistic loss: both of a pair are judged by the same weights.
  const against = training.simultaneousUpdates || !objective.generatorUsesReal ? onReal : judge(real, better);
  const generatorLoss = objective.generator(last.output, against.output);
  const drawsBetter = applyAdam(generator, ofGenerator, generatorLoss, corrected, training.generator, state);
  [...drawn.statistics, ...last.statistics].forEach(([name, next]) => state.setNext(name, next));
  const { averageDecay } = training;
  if (averageDecay !== undefined) {
    // The first steps count less: the average soon forgets the weights that it began with.
    const steps = state.add(AVERAGED_STEPS, []);
    state.setNext(AVERAGED_STEPS, add(steps, 1));
    const early = divide(3, add(steps, 3));
    const follows = select(greater(early, 1 - averageDecay), early, 1 - averageDecay);
    for (const { name, shape } of weightsOf(generator)) {
      const kept = state.add(averageName(name), shape);
      const difference = subtract(drawsBetter.get(name)!, kept);
      state.setNext(averageName(name), add(kept, multiply(difference, follows)));
    }
  }

  const verdicts = objective.probabilities(onReal.output, onFake.output);
  return reuseReductions({
    name: `${spec.architecture} depth ${spec.depth}, training step, batch ${batch}`,
    feeds: condition === undefined ? [real, noise] : [real, noise, condition],
    state: state.slots(),
    metrics: [
      { name: TRAINING_METRICS.discriminatorLoss, node: discriminatorLoss },
      { name: TRAINING_METRICS.generatorLoss, node: generatorLoss },
      { name: TRAINING_METRICS.realProbability, node: reshape(verdicts.real, [batch]) },
      { name: TRAINING_METRICS.fakeProbability, node: reshape(verdicts.fake, [batch]) },
    ],
  });
}

/** What the real rolls of the batch share with those drawn, for networks that are told. */
const conditionFeed = ({ examples }: ModelSpec, batch: number): Node<'input'> | undefined =>
  examples && input(TRAINING_FEEDS.condition, [batch, examples.conditionSize]);

/** The first rows of a batch. */
const firstRows = (x: Node, count: number): Node =>
  count === x.shape[0]
    ? x
    : slice(
        x,
        x.shape.map(() => 0),
        [count, ...x.shape.slice(1)],
      );

/** R1 and R2 on the first rolls of the batch, so that a step costs little more than without. */
function buildGradientPenalty(
  { penalty }: TrainingRecipe,
  sets: readonly Node[],
  judge: (rolls: Node) => Node,
): Node | undefined {
  if (penalty === undefined) return undefined;
  const penalties = sets.map((rolls) => {
    const count = Math.max(1, Math.round(penalty.share * rolls.shape[0]!));
    return gradientPenalty(firstRows(rolls, count), judge);
  });
  return multiply(penalties.reduce(add), penalty.gamma / 2);
}

/**
 * The generator's parameters in a training's state with which it composes: the moving averages of the weights where the
 * training keeps them.
 */
export function inferenceParameters(spec: ModelSpec, state: NamedTensors): NamedTensors {
  const pairs = parametersOf(spec.generator).map(
    ({ name }) => [name, state.get(averageName(name)) ?? state.get(name)!] as const,
  );
  return new Map(pairs);
}

/** The state of a training that has not begun. */
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

/** Adam's step on all weights of a network; returns the parameters with the new weights. */
function applyAdam(
  network: Network,
  parameters: ParameterNodes,
  loss: Node,
  corrections: BiasCorrections,
  options: AdamOptions,
  state: StateBuilder,
): ParameterNodes {
  const weights = weightsOf(network);
  const slopes = gradients(
    loss,
    weights.map(({ name }) => parameters.get(name)!),
  );
  const next = weights.map(({ name, shape }, i) => {
    const moments = {
      first: state.add(firstMomentName(name), shape),
      second: state.add(secondMomentName(name), shape),
    };
    const stepped = adam(parameters.get(name)!, slopes[i]!, moments, corrections, options);
    state.setNext(name, stepped.weight);
    state.setNext(firstMomentName(name), stepped.moments.first);
    state.setNext(secondMomentName(name), stepped.moments.second);
    return [name, stepped.weight] as const;
  });
  return replaceParameters(parameters, new Map(next));
}

const replaceParameters = (parameters: ParameterNodes, newer: ParameterNodes): ParameterNodes =>
  new Map([...parameters, ...newer]);

/** The state of the program while it is put together. */
class StateBuilder {
  readonly #current = new Map<string, Node<'input'>>();
  readonly #next = new Map<string, Node>();

  add(name: string, shape: readonly number[]): Node<'input'> {
    const node = input(name, shape);
    this.#current.set(name, node);
    return node;
  }

  addNetwork(network: Network): ParameterNodes {
    return new Map(parametersOf(network).map(({ name, shape }) => [name, this.add(name, shape)]));
  }

  /** Names the value that the state has after the step. */
  setNext(name: string, next: Node): void {
    this.#next.set(name, next);
  }

  slots(): readonly StateSlot[] {
    return [...this.#current].map(([name, current]) => ({ name, current, next: this.#next.get(name)! }));
  }
}
