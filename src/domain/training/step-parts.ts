import type { Node } from '../tensor/op.js';
import { programOutputs, type Program } from '../tensor/program.js';
import { topologicalOrder } from '../tensor/topological-order.js';
import { TRAINING_FEEDS, TRAINING_METRICS } from './training-program.js';

/** What a training step is made of, in the order in which it needs them. */
export const STEP_PARTS = [
  'generator forward',
  'discriminator forward, real rolls',
  'discriminator forward, drawn rolls',
  'discriminator backward',
  'discriminator update',
  'better discriminator forward',
  'generator backward',
  'generator update',
] as const;
export type StepPart = (typeof STEP_PARTS)[number];

/** To which part of the step each node of `trainingProgram` belongs, by what it depends on and what depends on it. */
export function partsOfStep(program: Program): ReadonlyMap<Node, StepPart> {
  const { metrics, state } = program;
  const metric = (...names: readonly string[]): readonly Node[] =>
    metrics.filter(({ name }) => names.includes(name)).map(({ node }) => node);
  const order = topologicalOrder(programOutputs(program));
  const judged = new Set(
    topologicalOrder(
      metric(TRAINING_METRICS.discriminatorLoss, TRAINING_METRICS.realProbability, TRAINING_METRICS.fakeProbability),
    ),
  );
  // Weights and their moments, and no running statistics: those have seen the better discriminator too.
  const trained = new Set(
    state.filter(({ current }) => isMoment(current)).flatMap(({ name }) => [name, weightOf(name)]),
  );
  const ofWeights = state.filter(({ name }) => name.startsWith('discriminator') && trained.has(name));
  const forDiscriminator = new Set(topologicalOrder(ofWeights.map(({ next }) => next)));
  const forLoss = new Set(topologicalOrder(metric(TRAINING_METRICS.generatorLoss)));
  const ofReal = dependentsOf(order, (node) => node.op === 'input' && node.params.name === TRAINING_FEEDS.real);
  const ofNetwork = (network: string): ReadonlySet<Node> =>
    dependentsOf(order, (node) => node.op === 'input' && node.params.name.startsWith(network) && !isMoment(node));
  const ofDiscriminator = ofNetwork('discriminator');
  const ofGenerator = ofNetwork('generator');
  const ofMoments = (network: string): ReadonlySet<Node> =>
    dependentsOf(order, (node) => node.op === 'input' && node.params.name.startsWith(network) && isMoment(node));
  const discriminatorMoments = ofMoments('discriminator');
  const generatorMoments = ofMoments('generator');
  const sliceAndReshape = (node: Node): StepPart => {
    if (judged.has(node)) {
      if (!ofDiscriminator.has(node) && !ofReal.has(node)) return 'generator forward';
      return ofGenerator.has(node) ? 'discriminator forward, drawn rolls' : 'discriminator forward, real rolls';
    }
    if (generatorMoments.has(node)) return 'generator update';
    if (forDiscriminator.has(node)) {
      return discriminatorMoments.has(node) ? 'discriminator update' : 'discriminator backward';
    }
    return forLoss.has(node) ? 'better discriminator forward' : 'generator backward';
  };
  return new Map(order.map((node) => [node, sliceAndReshape(node)]));
}

const MOMENT = /\.(first|second)_moment$/;
const isMoment = (node: Node<'input'>): boolean => MOMENT.test(node.params.name);
const weightOf = (moment: string): string => moment.replace(MOMENT, '');

/** The nodes for which a test holds, and all that is computed from them. */
function dependentsOf(order: readonly Node[], holds: (node: Node) => boolean): ReadonlySet<Node> {
  const users = new Set<Node>();
  for (const node of order) {
    if (holds(node) || (node.inputs as readonly Node[]).some((input) => users.has(input))) users.add(node);
  }
  return users;
}
