import {
  add,
  asScalar,
  divide,
  greater,
  greaterOrEqual,
  input,
  log,
  multiply,
  negate,
  square,
  subtract,
  sum,
} from '../tensor/node-builders.js';
import { gradients } from '../tensor/gradient.js';
import type { Node } from '../tensor/op.js';
import type { Program, StateSlot } from '../tensor/program.js';
import { simplifyProgram } from '../tensor/rewrites/simplify.js';
import { relaxed } from '../tensor/rewrites/straight-through.js';
import { scalar, type NamedTensors, type Tensor } from '../tensor/tensor.js';
import { adam, nextBiasCorrections } from '../training/optimizer.js';
import type { AdamOptions } from '../model/adam-options.js';
import { GENERATOR_TENSORS } from '../model/generator-program.js';
import type { Noise } from '../model/noise.js';

/** Names of the feeds and metrics of the search. Noise inputs keep the names that they have in the generator. */
export const NOISE_SEARCH_TENSORS = {
  /** [1, channels, pitches, columns] of 0 or 1: the wanted roll. */
  target: 'search.target',
  /** [1, channels, pitches, columns], 0 or more: the weight of each cell in the loss. */
  weight: 'search.weight',
  /** []: the learning rate. */
  rate: 'search.rate',
  loss: 'search.loss',
  /** Intersection over union of roll and target, 0..1, over the cells whose weight is not 0. */
  iou: 'search.likeness',
  /** For a noise input: the mean of the prior, near which the noise is expected. */
  center: (name: string): string => `search.centre.${name}`,
  /** For a noise input: the noise for which this step computed the loss. */
  evaluatedNoise: (name: string): string => `search.tried.${name}`,
  /** For a noise input: 1 where the gradient of the roll is not 0. Other numbers are not changed. */
  gradientMask: (name: string): string => `search.sloped.${name}`,
} as const;

const CORRECTIONS = { first: 'search.first_correction', second: 'search.second_correction' } as const;
const firstMomentName = (name: string): string => `${name}.first_moment`;
const secondMomentName = (name: string): string => `${name}.second_moment`;

/** Rate 1, because the program multiplies the step by the rate that is fed, which changes during the search. */
const SEARCH_ADAM: AdamOptions = { learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** Added inside the logarithms, so that cells with probability 0 or 1 have a finite loss and a gradient. */
const MIN_PROBABILITY = 1e-3;

/**
 * One step of the search for the noise from which a generator makes a wanted roll, by gradient descent through the
 * generator (Creswell and Bharath 2016, "Inverting the generator of a GAN"): Adam on the noise z, with
 *
 *     loss = sum w -(t log p + (1 - t) log(1 - p))  +  1/2 |z - c|^2
 *
 * p the probabilities of a relaxed generator (softmax for argmax), t the target, w the weights, c the center: the
 * negative log posterior under a standard normal prior around c. Numbers without a gradient are not changed.
 * @param generator for one row; its feeds are the noise
 */
export function noiseSearchProgram(generator: Program): Program {
  const { feeds } = generator;
  const rollOf = ({ metrics }: Program): Node => metrics.find(({ name }) => name === GENERATOR_TENSORS.roll)!.node;
  const [roll, hardRoll] = [rollOf(relaxed(generator, comparesNoiseToConstant)), rollOf(generator)];
  const target = inputNode(NOISE_SEARCH_TENSORS.target, roll.shape);
  const weight = inputNode(NOISE_SEARCH_TENSORS.weight, roll.shape);
  const rate = inputNode(NOISE_SEARCH_TENSORS.rate, []);
  const centers = feeds.map((z) => inputNode(NOISE_SEARCH_TENSORS.center(z.params.name), z.shape));
  const misfit = weightedCrossEntropy(roll, target, weight);
  const priors = feeds.map((z, i) => multiply(asScalar(sum(square(subtract(z, centers[i]!)))), 0.5));
  const loss = priors.reduce(add, misfit);
  const slopes = gradients(loss, feeds);
  const masks = gradients(misfit, feeds).map((slope) => greater(square(slope), 0));
  return simplifyProgram({
    name: `${generator.name}, search for a noise`,
    feeds: [target, weight, rate, ...centers],
    state: adamState({ feeds, slopes, masks, rate }),
    metrics: [
      { name: NOISE_SEARCH_TENSORS.loss, node: loss },
      { name: NOISE_SEARCH_TENSORS.iou, node: intersectionOverUnion(hardRoll, target, weight) },
      ...feeds.map((z) => ({ name: NOISE_SEARCH_TENSORS.evaluatedNoise(z.params.name), node: multiply(z, 1) })),
      ...feeds.map((z, i) => ({ name: NOISE_SEARCH_TENSORS.gradientMask(z.params.name), node: masks[i]! })),
    ],
  });
}

const inputNode = (name: string, shape: Node['shape']): Node<'input'> => input(name, shape) as Node<'input'>;

/** sum w -(t log p + (1 - t) log(1 - p)), a scalar */
function weightedCrossEntropy(probabilities: Node, target: Node, weight: Node): Node {
  const missing = multiply(target, log(add(probabilities, MIN_PROBABILITY)));
  const excess = multiply(subtract(1, target), log(add(subtract(1, probabilities), MIN_PROBABILITY)));
  return negate(asScalar(sum(multiply(weight, add(missing, excess)))));
}

/** Noise inputs, with their gradients and the masks of the numbers that may change. */
interface NoiseStep {
  readonly feeds: Program['feeds'];
  readonly slopes: readonly Node[];
  readonly masks: readonly Node[];
  readonly rate: Node;
}

/** One step of Adam on every noise input: the noise, its moments and the bias corrections. */
function adamState({ feeds, slopes, masks, rate }: NoiseStep): readonly StateSlot[] {
  const corrections = { first: input(CORRECTIONS.first, []), second: input(CORRECTIONS.second, []) };
  const nextCorrections = nextBiasCorrections(corrections, SEARCH_ADAM);
  const noises = feeds.flatMap((z, i): StateSlot[] => {
    const { name } = z.params;
    const [first, second] = [input(firstMomentName(name), z.shape), input(secondMomentName(name), z.shape)];
    const { weight: stepped, moments } = adam(z, slopes[i]!, { first, second }, nextCorrections, SEARCH_ADAM);
    return [
      { name, current: z, next: add(z, multiply(multiply(subtract(stepped, z), rate), masks[i]!)) },
      stateSlot(first, moments.first),
      stateSlot(second, moments.second),
    ];
  });
  return [
    ...noises,
    stateSlot(corrections.first, nextCorrections.first),
    stateSlot(corrections.second, nextCorrections.second),
  ];
}

/** Whether a comparison draws a random choice: it compares the noise itself with a constant, and has no gradient. */
const comparesNoiseToConstant = ({ inputs }: Node): boolean =>
  inputs.some((side) => side.op === 'constant') && inputs.some(isViewOfNoise);

const isViewOfNoise = (n: Node): boolean =>
  n.op === 'input' || ((n.op === 'slice' || n.op === 'reshape') && isViewOfNoise(n.inputs[0]!));

const stateSlot = (current: Node, next: Node): StateSlot => ({
  name: (current as Node<'input'>).params.name,
  current: current as Node<'input'>,
  next,
});

function intersectionOverUnion(roll: Node, target: Node, weight: Node): Node {
  const sounds = multiply(greaterOrEqual(roll, 0.5), greaterOrEqual(weight, MIN_PROBABILITY));
  const wanted = multiply(target, greaterOrEqual(weight, MIN_PROBABILITY));
  const both = asScalar(sum(multiply(sounds, wanted)));
  const either = subtract(add(asScalar(sum(sounds)), asScalar(sum(wanted))), both);
  return divide(both, add(either, 1e-9));
}

/** The initial state of a search that starts at the noise `start`. */
export function initialSearchState(start: Noise): NamedTensors {
  const row = ({ shape, data }: Tensor): Tensor => ({ shape: [1, ...shape], data });
  const zeros = ({ shape, data }: Tensor): Tensor => ({ shape: [1, ...shape], data: new Float32Array(data.length) });
  return new Map([
    ...[...start].flatMap(([name, tensor]) => [
      [name, row(tensor)] as const,
      [firstMomentName(name), zeros(tensor)] as const,
      [secondMomentName(name), zeros(tensor)] as const,
    ]),
    [CORRECTIONS.first, scalar(0)],
    [CORRECTIONS.second, scalar(0)],
  ]);
}
