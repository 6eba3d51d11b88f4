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
} from '../tensor/build.js';
import { gradients } from '../tensor/gradient.js';
import type { Node } from '../tensor/op.js';
import type { Program, StateSlot } from '../tensor/program.js';
import { simplifyProgram } from '../tensor/rewrites/simplify.js';
import { relaxed } from '../tensor/rewrites/straight-through.js';
import { scalar, type NamedTensors, type Tensor } from '../tensor/tensor.js';
import { adam, nextCorrections } from '../training/optimizer.js';
import type { AdamOptions } from '../model/adam-options.js';
import { GENERATOR } from '../model/generator-program.js';
import type { Noise } from '../model/noise.js';

/** Names of the search's feeds and metrics; inputs of the generator stand beside them under their own. */
export const SEARCH = {
  /** [1, channels, pitches, columns], 0 or 1: what the roll should be */
  target: 'search.target',
  /** The same shape, 0 or more: how much each cell matters. */
  weight: 'search.weight',
  /** [], how far one step may go */
  rate: 'search.rate',
  loss: 'search.loss',
  /** Intersection over union of roll and target where cells matter, 0..1. */
  likeness: 'search.likeness',
  /** Of an input: the noise that a good one is expected to be near. */
  centre: (name: string): string => `search.centre.${name}`,
  /** Of an input: the noise that this step's loss belongs to. */
  tried: (name: string): string => `search.tried.${name}`,
  /** Of an input: 1 where the roll has a slope towards the number, 0 where it has none; such numbers stay as they are. */
  sloped: (name: string): string => `search.sloped.${name}`,
} as const;

const CORRECTIONS = { first: 'search.first_correction', second: 'search.second_correction' } as const;
const firstMoment = (name: string): string => `${name}.first_moment`;
const secondMoment = (name: string): string => `${name}.second_moment`;

/** The rate is fed, so that it can fall. */
const ADAM: AdamOptions = { learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** No certainty counts as smaller, or as nearer to 1: a cell that is wrong for sure must still have a slope. */
const LEAST = 1e-3;

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
  const rollOf = ({ metrics }: Program): Node => metrics.find(({ name }) => name === GENERATOR.roll)!.node;
  const [roll, hard] = [rollOf(relaxed(generator, isChoiceOfNoise)), rollOf(generator)];
  const [target, weight, rate] = [
    input(SEARCH.target, roll.shape),
    input(SEARCH.weight, roll.shape),
    input(SEARCH.rate, []),
  ] as Node<'input'>[];
  const centres = feeds.map((z) => input(SEARCH.centre(z.params.name), z.shape) as Node<'input'>);
  const missing = multiply(target!, log(add(roll, LEAST)));
  const excess = multiply(subtract(1, target!), log(add(subtract(1, roll), LEAST)));
  const misfit = negate(asScalar(sum(multiply(weight!, add(missing, excess)))));
  const strangeness = feeds.map((z, i) => multiply(asScalar(sum(square(subtract(z, centres[i]!)))), 0.5));
  const loss = strangeness.reduce(add, misfit);

  const corrections = { first: input(CORRECTIONS.first, []), second: input(CORRECTIONS.second, []) };
  const corrected = nextCorrections(corrections, ADAM);
  const slopes = gradients(loss, feeds);
  const sloped = gradients(misfit, feeds).map((slope) => greater(square(slope), 0));
  const noises = feeds.flatMap((z, i): StateSlot[] => {
    const { name } = z.params;
    const [first, second] = [input(firstMoment(name), z.shape), input(secondMoment(name), z.shape)];
    const stepped = adam(z, slopes[i]!, { first, second }, corrected, ADAM);
    return [
      { name, current: z, next: add(z, multiply(multiply(subtract(stepped.weight, z), rate!), sloped[i]!)) },
      slot(first, stepped.moments.first),
      slot(second, stepped.moments.second),
    ];
  });
  return simplifyProgram({
    name: `${generator.name}, search for a noise`,
    feeds: [target!, weight!, rate!, ...centres],
    state: [...noises, slot(corrections.first, corrected.first), slot(corrections.second, corrected.second)],
    metrics: [
      { name: SEARCH.loss, node: loss },
      { name: SEARCH.likeness, node: likeness(hard, target!, weight!) },
      ...feeds.map((z) => ({ name: SEARCH.tried(z.params.name), node: multiply(z, 1) })),
      ...feeds.map((z, i) => ({ name: SEARCH.sloped(z.params.name), node: sloped[i]! })),
    ],
  });
}

/** A comparison of the noise itself with constants, before anything was learned from it: a draw, which no slope leads to. */
const isChoiceOfNoise = ({ inputs }: Node): boolean =>
  inputs.some((side) => side.op === 'constant') && inputs.some(isNoise);

const isNoise = (n: Node): boolean =>
  n.op === 'input' || ((n.op === 'slice' || n.op === 'reshape') && isNoise(n.inputs[0]!));

const slot = (current: Node, next: Node): StateSlot => ({
  name: (current as Node<'input'>).params.name,
  current: current as Node<'input'>,
  next,
});

function likeness(roll: Node, target: Node, weight: Node): Node {
  const sounds = multiply(greaterOrEqual(roll, 0.5), greaterOrEqual(weight, LEAST));
  const wanted = multiply(target, greaterOrEqual(weight, LEAST));
  const both = asScalar(sum(multiply(sounds, wanted)));
  const either = subtract(add(asScalar(sum(sounds)), asScalar(sum(wanted))), both);
  return divide(both, add(either, 1e-9));
}

/** The state of a search that begins at `start`; shapes as the program's, one row. */
export function searchState(start: Noise): NamedTensors {
  const row = ({ shape, data }: Tensor): Tensor => ({ shape: [1, ...shape], data });
  const zeros = ({ shape, data }: Tensor): Tensor => ({ shape: [1, ...shape], data: new Float32Array(data.length) });
  return new Map([
    ...[...start].flatMap(([name, tensor]) => [
      [name, row(tensor)] as const,
      [firstMoment(name), zeros(tensor)] as const,
      [secondMoment(name), zeros(tensor)] as const,
    ]),
    [CORRECTIONS.first, scalar(0)],
    [CORRECTIONS.second, scalar(0)],
  ]);
}
