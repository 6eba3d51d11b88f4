import { applyNetwork, type ParameterNodes } from '../model/apply.js';
import { networkOutputShape, type Network } from '../model/layers.js';
import { noiseShape, type ModelSpec } from '../model/model-spec.js';
import { initialise, parametersOf, weightsOf } from '../model/parameters.js';
import { input, reshape, sigmoid, stopGradient } from '../tensor/build.js';
import { gradients } from '../tensor/gradient.js';
import type { Node } from '../tensor/op.js';
import type { Program, StateSlot } from '../tensor/program.js';
import { simplifyProgram } from '../tensor/simplify.js';
import { scalar, type NamedTensors, type Tensor } from '../tensor/tensor.js';
import { binaryCrossEntropy } from './objectives.js';
import { adam, nextCorrections, type AdamOptions, type BiasCorrections } from './optimizer.js';

/** DCGAN's settings, which the seed uses for both networks. */
export const ADAM: AdamOptions = { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };

/** Names of the program's feeds and metrics. */
export const FEEDS = { real: 'real', noise: 'noise' } as const;
export const METRICS = {
  discriminatorLoss: 'discriminator.loss',
  generatorLoss: 'generator.loss',
  /** [batch], the discriminator's certainty that a roll is real, before its update */
  verdictReal: 'verdict.real',
  verdictFake: 'verdict.fake',
} as const;

const CORRECTIONS = { first: 'adam.first_correction', second: 'adam.second_correction' } as const;
const firstMoment = (weight: string): string => `${weight}.first_moment`;
const secondMoment = (weight: string): string => `${weight}.second_moment`;

/**
 * One step of adversarial training: the discriminator judges the real rolls [batch, channels, pitches, columns] and what
 * the generator draws from the noise [batch, ...], and is updated; then it judges the same drawings again and the
 * generator is updated. Feeds, state and metrics are named as above and by `parametersOf`.
 */
export function trainProgram(spec: ModelSpec, batch: number): Program {
  const { generator, discriminator } = spec;
  const real = input(FEEDS.real, [batch, ...networkOutputShape(generator)]);
  const noise = input(FEEDS.noise, [batch, ...noiseShape(spec)]);
  const state = new StateNodes();
  const corrections: BiasCorrections = {
    first: state.add(CORRECTIONS.first, []),
    second: state.add(CORRECTIONS.second, []),
  };
  const [ofGenerator, ofDiscriminator] = [state.addNetwork(generator), state.addNetwork(discriminator)];
  const corrected = nextCorrections(corrections, ADAM);
  state.follow(CORRECTIONS.first, corrected.first);
  state.follow(CORRECTIONS.second, corrected.second);

  const drawn = applyNetwork(generator, noise, ofGenerator, 'training');
  const onReal = applyNetwork(discriminator, real, ofDiscriminator, 'training');
  const onFake = applyNetwork(
    discriminator,
    stopGradient(drawn.output),
    updated(ofDiscriminator, onReal.statistics),
    'training',
  );
  const discriminatorLoss = binaryCrossEntropy.discriminator(onReal.output, onFake.output);
  const better = update(discriminator, ofDiscriminator, discriminatorLoss, corrected, state);

  const again = applyNetwork(discriminator, drawn.output, updated(better, onFake.statistics), 'training');
  const generatorLoss = binaryCrossEntropy.generator(again.output);
  update(generator, ofGenerator, generatorLoss, corrected, state);
  [...drawn.statistics, ...again.statistics].forEach(([name, next]) => state.follow(name, next));

  const verdict = (logits: Node): Node => sigmoid(reshape(logits, [batch]));
  return simplifyProgram({
    name: `${spec.architecture} depth ${spec.depth}, training step, batch ${batch}`,
    feeds: [real, noise],
    state: state.slots(),
    metrics: [
      { name: METRICS.discriminatorLoss, node: discriminatorLoss },
      { name: METRICS.generatorLoss, node: generatorLoss },
      { name: METRICS.verdictReal, node: verdict(onReal.output) },
      { name: METRICS.verdictFake, node: verdict(onFake.output) },
    ],
  });
}

/** The state of a training that has not begun. */
export function initialState(spec: ModelSpec, seed: number): NamedTensors {
  const networks = [spec.generator, spec.discriminator];
  const zeros = (of: Tensor): Tensor => ({ shape: of.shape, data: new Float32Array(of.data.length) });
  const values = initialise(networks, seed);
  const moments = networks.flatMap(weightsOf).flatMap(({ name }) => {
    const weight = values.get(name)!;
    return [
      [firstMoment(name), zeros(weight)],
      [secondMoment(name), zeros(weight)],
    ] as const;
  });
  return new Map([...values, ...moments, [CORRECTIONS.first, scalar(0)], [CORRECTIONS.second, scalar(0)]]);
}

/** Adam's step on all weights of a network; returns the parameters with the new weights. */
function update(
  network: Network,
  parameters: ParameterNodes,
  loss: Node,
  corrections: BiasCorrections,
  state: StateNodes,
): ParameterNodes {
  const weights = weightsOf(network);
  const slopes = gradients(
    loss,
    weights.map(({ name }) => parameters.get(name)!),
  );
  const next = weights.map(({ name, shape }, i) => {
    const moments = { first: state.add(firstMoment(name), shape), second: state.add(secondMoment(name), shape) };
    const stepped = adam(parameters.get(name)!, slopes[i]!, moments, corrections, ADAM);
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
