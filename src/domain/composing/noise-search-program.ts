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

/** Names of the search's feeds and metrics; inputs of the generator stand beside them under their own. */
export const NOISE_SEARCH_TENSORS = {
  /** [1, channels, pitches, columns], 0 or 1: what the roll should be */
  target: 'search.target',
  /** The same shape, 0 or more: how much each cell matters. */
  weight: 'search.weight',
  /** [], how far one step may go */
  rate: 'search.rate',
  loss: 'search.loss',
  /** Intersection over union of roll and target where cells matter, 0..1. */
  iou: 'search.likeness',
  /** Of an input: the noise that a good one is expected to be near. */
  center: (name: string): string => `search.centre.${name}`,
  /** Of an input: the noise that this step's loss belongs to. */
  evaluatedNoise: (name: string): string => `search.tried.${name}`,
  /** Of an input: 1 where the roll has a slope towards the number, 0 where it has none; such numbers stay as they are. */
  gradientMask: (name: string): string => `search.sloped.${name}`,
} as const;

const CORRECTIONS = { first: 'search.first_correction', second: 'search.second_correction' } as const;
const firstMomentName = (name: string): string => `${name}.first_moment`;
const secondMomentName = (name: string): string => `${name}.second_moment`;

/** The rate is fed, so that it can fall. */
const SEARCH_ADAM: AdamOptions = { learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** No certainty counts as smaller, or as nearer to 1: a cell that is wrong for sure must still have a slope. */
const MIN_PROBABILITY = 1e-3;

/**
 * One step towards the noise from which a generator draws a wanted roll, by gradient descent through the generator (Creswell and
 * Bharath 2016, "Inverting the generator of a GAN"): Adam on the noise z, which is the state, with
 *
 *     loss = sum w -(t log p + (1 - t) log(1 - p))  +  1/2 |z - c|^2
 *
 * p the certainties, where the generator chooses those of its choices (softmax for the largest), t the target, w the weights of the cells, c the centre: the negative logarithm of the posterior of a standard
 * normal around c. Numbers that the misfit has no slope towards are not moved: those that the generator only compares with
 * constants, and those that it makes no use of.
 * @param generator for one row, its noise the feeds
 */
export function noiseSearchProgram(generator: Program): Program {
  const { feeds } = generator;
  const rollOf = ({ metrics }: Program): Node => metrics.find(({ name }) => name === GENERATOR_TENSORS.roll)!.node;
  const [roll, hard] = [rollOf(relaxed(generator, comparesNoiseToConstant)), rollOf(generator)];
  const [target, weight, rate] = [
    input(NOISE_SEARCH_TENSORS.target, roll.shape),
    input(NOISE_SEARCH_TENSORS.weight, roll.shape),
    input(NOISE_SEARCH_TENSORS.rate, []),
  ] as Node<'input'>[];
  const centres = feeds.map((z) => input(NOISE_SEARCH_TENSORS.center(z.params.name), z.shape) as Node<'input'>);
  const missing = multiply(target!, log(add(roll, MIN_PROBABILITY)));
  const excess = multiply(subtract(1, target!), log(add(subtract(1, roll), MIN_PROBABILITY)));
  const misfit = negate(asScalar(sum(multiply(weight!, add(missing, excess)))));
  const strangeness = feeds.map((z, i) => multiply(asScalar(sum(square(subtract(z, centres[i]!)))), 0.5));
  const loss = strangeness.reduce(add, misfit);

  const corrections = { first: input(CORRECTIONS.first, []), second: input(CORRECTIONS.second, []) };
  const corrected = nextBiasCorrections(corrections, SEARCH_ADAM);
  const slopes = gradients(loss, feeds);
  const sloped = gradients(misfit, feeds).map((slope) => greater(square(slope), 0));
  const noises = feeds.flatMap((z, i): StateSlot[] => {
    const { name } = z.params;
    const [first, second] = [input(firstMomentName(name), z.shape), input(secondMomentName(name), z.shape)];
    const stepped = adam(z, slopes[i]!, { first, second }, corrected, SEARCH_ADAM);
    return [
      { name, current: z, next: add(z, multiply(multiply(subtract(stepped.weight, z), rate!), sloped[i]!)) },
      stateSlot(first, stepped.moments.first),
      stateSlot(second, stepped.moments.second),
    ];
  });
  return simplifyProgram({
    name: `${generator.name}, search for a noise`,
    feeds: [target!, weight!, rate!, ...centres],
    state: [...noises, stateSlot(corrections.first, corrected.first), stateSlot(corrections.second, corrected.second)],
    metrics: [
      { name: NOISE_SEARCH_TENSORS.loss, node: loss },
      { name: NOISE_SEARCH_TENSORS.iou, node: intersectionOverUnion(hard, target!, weight!) },
      ...feeds.map((z) => ({ name: NOISE_SEARCH_TENSORS.evaluatedNoise(z.params.name), node: multiply(z, 1) })),
      ...feeds.map((z, i) => ({ name: NOISE_SEARCH_TENSORS.gradientMask(z.params.name), node: sloped[i]! })),
    ],
  });
}

/** A comparison of the noise itself with constants, before anything was learned from it: a draw, which no slope leads to. */
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

/** The state of a search that begins at `start`; shapes as the program's, one row. */
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
