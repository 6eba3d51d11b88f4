import { applyNetwork, type Applied, type ParameterNodes } from '../model/apply.js';
import type { Network } from '../model/layers.js';
import { noiseShape, type ModelSpec, type TrainingRecipe } from '../model/model-spec.js';
import { initialize, parametersOf, weightsOf } from '../model/parameters.js';
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
} from '../tensor/build.js';
import { gradients } from '../tensor/gradient.js';
import type { Node } from '../tensor/op.js';
import type { Program, StateSlot } from '../tensor/program.js';
import { withFewerPasses } from '../tensor/rewrites/fusion.js';
import { scalar, type NamedTensors, type Tensor } from '../tensor/tensor.js';
import { gradientPenalty, OBJECTIVES } from './objectives.js';
import { adam, nextCorrections, type BiasCorrections } from './optimizer.js';
import type { AdamOptions } from '../model/adam-options.js';

/** Names of the program's feeds and metrics. */
export const FEEDS = { real: 'real', noise: 'noise', condition: 'condition' } as const;
export const METRICS = {
  discriminatorLoss: 'discriminator.loss',
  generatorLoss: 'generator.loss',
  /** [batch], the discriminator's certainty that a roll is real, before its update */
  verdictReal: 'verdict.real',
  verdictFake: 'verdict.fake',
} as const;

/** Steps that the moving average has seen. */
const AVERAGED = 'average.steps';
const CORRECTIONS = { first: 'adam.first_correction', second: 'adam.second_correction' } as const;
const firstMoment = (weight: string): string => `${weight}.first_moment`;
const secondMoment = (weight: string): string => `${weight}.second_moment`;

/** The moving average of a generator's weight, which composes in its place. */
export const averageOf = (weight: string): string => `average.${weight}`;

/**
 * One step of adversarial training: the discriminator judges the real rolls [batch, channels, pitches, columns] and what
 * the generator draws from the noise [batch, ...], and is updated; the generator is updated by the same judgement or by a new one of the
 * better discriminator, as the model's recipe says. Feeds, state and metrics are named as above and by `parametersOf`.
 */
export function trainProgram(spec: ModelSpec, batch: number): Program {
  const { generator, discriminator, training } = spec;
  const objective = OBJECTIVES[training.objective];
  const real = input(FEEDS.real, [batch, ...discriminator.inputShape]);
  const noise = input(FEEDS.noise, [batch, ...noiseShape(spec)]);
  const condition = conditionFeed(spec, batch);
  const state = new StateNodes();
  const corrections: BiasCorrections = {
    first: state.add(CORRECTIONS.first, []),
    second: state.add(CORRECTIONS.second, []),
  };
  const [ofGenerator, ofDiscriminator] = [state.addNetwork(generator), state.addNetwork(discriminator)];
  // The betas are those of both networks, and so are the corrections.
  const corrected = nextCorrections(corrections, training.generator);
  state.follow(CORRECTIONS.first, corrected.first);
  state.follow(CORRECTIONS.second, corrected.second);

  const drawn = applyNetwork(generator, noise, ofGenerator, 'training', condition);
  const judge = (rolls: Node, parameters: ParameterNodes): Applied =>
    applyNetwork(discriminator, rolls, parameters, 'training', condition && firstOf(condition, rolls.shape[0]!));
  const onReal = judge(real, ofDiscriminator);
  const shown = training.together ? drawn.output : stopGradient(drawn.output);
  const onFake = judge(shown, updated(ofDiscriminator, onReal.statistics));
  const discriminatorLoss = objective.discriminator(onReal.output, onFake.output);
  const penalty = penaltyOf(
    training,
    [real, stopGradient(drawn.output)],
    (rolls) => judge(rolls, ofDiscriminator).output,
  );
  const penalised = penalty === undefined ? discriminatorLoss : add(discriminatorLoss, penalty);
  const better = update(discriminator, ofDiscriminator, penalised, corrected, training.discriminator, state);

  const last = training.together ? onFake : judge(drawn.output, updated(better, onFake.statistics));
  // The offset of all logits drifts freely under a relativistic loss: both of a pair are judged by the same weights.
  const against = training.together || !objective.pairs ? onReal : judge(real, better);
  const generatorLoss = objective.generator(last.output, against.output);
  const drawsBetter = update(generator, ofGenerator, generatorLoss, corrected, training.generator, state);
  [...drawn.statistics, ...last.statistics].forEach(([name, next]) => state.follow(name, next));
  const { averageDecay } = training;
  if (averageDecay !== undefined) {
    // The first steps count less: the average soon forgets the weights that it began with.
    const steps = state.add(AVERAGED, []);
    state.follow(AVERAGED, add(steps, 1));
    const early = divide(3, add(steps, 3));
    const follows = select(greater(early, 1 - averageDecay), early, 1 - averageDecay);
    for (const { name, shape } of weightsOf(generator)) {
      const kept = state.add(averageOf(name), shape);
      const difference = subtract(drawsBetter.get(name)!, kept);
      state.follow(averageOf(name), add(kept, multiply(difference, follows)));
    }
  }

  const verdicts = objective.verdicts(onReal.output, onFake.output);
  return withFewerPasses({
    name: `${spec.architecture} depth ${spec.depth}, training step, batch ${batch}`,
    feeds: condition === undefined ? [real, noise] : [real, noise, condition],
    state: state.slots(),
    metrics: [
      { name: METRICS.discriminatorLoss, node: discriminatorLoss },
      { name: METRICS.generatorLoss, node: generatorLoss },
      { name: METRICS.verdictReal, node: reshape(verdicts.real, [batch]) },
      { name: METRICS.verdictFake, node: reshape(verdicts.fake, [batch]) },
    ],
  });
}

/** What the real rolls of the batch share with those drawn, for networks that are told. */
const conditionFeed = ({ examples }: ModelSpec, batch: number): Node<'input'> | undefined =>
  examples && input(FEEDS.condition, [batch, examples.conditionSize]);

/** The first rows of a batch. */
const firstOf = (x: Node, count: number): Node =>
  count === x.shape[0]
    ? x
    : slice(
        x,
        x.shape.map(() => 0),
        [count, ...x.shape.slice(1)],
      );

/** R1 and R2 on the first rolls of the batch, so that a step costs little more than without. */
function penaltyOf({ penalty }: TrainingRecipe, sets: readonly Node[], judge: (rolls: Node) => Node): Node | undefined {
  if (penalty === undefined) return undefined;
  const penalties = sets.map((rolls) => {
    const count = Math.max(1, Math.round(penalty.share * rolls.shape[0]!));
    return gradientPenalty(firstOf(rolls, count), judge);
  });
  return multiply(penalties.reduce(add), penalty.gamma / 2);
}

/**
 * The generator's parameters in a training's state with which it composes: the moving averages of the weights where the
 * training keeps them.
 */
export function composingParameters(spec: ModelSpec, state: NamedTensors): NamedTensors {
  const pairs = parametersOf(spec.generator).map(
    ({ name }) => [name, state.get(averageOf(name)) ?? state.get(name)!] as const,
  );
  return new Map(pairs);
}

/** The state of a training that has not begun. */
export function initialState(spec: ModelSpec, seed: number): NamedTensors {
  const networks = [spec.generator, spec.discriminator];
  const zeros = (of: Tensor): Tensor => ({ shape: of.shape, data: new Float32Array(of.data.length) });
  const values = initialize(networks, seed);
  const averages = weightsOf(spec.generator).flatMap(({ name }) =>
    spec.training.averageDecay === undefined ? [] : [[averageOf(name), values.get(name)!] as const],
  );
  const moments = networks.flatMap(weightsOf).flatMap(({ name }) => {
    const weight = values.get(name)!;
    return [
      [firstMoment(name), zeros(weight)],
      [secondMoment(name), zeros(weight)],
    ] as const;
  });
  return new Map([
    ...values,
    ...moments,
    ...averages,
    ...(averages.length > 0 ? [[AVERAGED, scalar(0)] as const] : []),
    [CORRECTIONS.first, scalar(0)],
    [CORRECTIONS.second, scalar(0)],
  ]);
}

/** Adam's step on all weights of a network; returns the parameters with the new weights. */
function update(
  network: Network,
  parameters: ParameterNodes,
  loss: Node,
  corrections: BiasCorrections,
  options: AdamOptions,
  state: StateNodes,
): ParameterNodes {
  const weights = weightsOf(network);
  const slopes = gradients(
    loss,
    weights.map(({ name }) => parameters.get(name)!),
  );
  const next = weights.map(({ name, shape }, i) => {
    const moments = { first: state.add(firstMoment(name), shape), second: state.add(secondMoment(name), shape) };
    const stepped = adam(parameters.get(name)!, slopes[i]!, moments, corrections, options);
    state.follow(name, stepped.weight);
    state.follow(firstMoment(name), stepped.moments.first);
    state.follow(secondMoment(name), stepped.moments.second);
    return [name, stepped.weight] as const;
  });
  return updated(parameters, new Map(next));
}

const updated = (parameters: ParameterNodes, newer: ParameterNodes): ParameterNodes =>
  new Map([...parameters, ...newer]);

/** The state of the program while it is put together. */
class StateNodes {
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
  follow(name: string, next: Node): void {
    this.#next.set(name, next);
  }

  slots(): readonly StateSlot[] {
    return [...this.#current].map(([name, current]) => ({ name, current, next: this.#next.get(name)! }));
  }
}
