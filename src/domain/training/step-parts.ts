import type { Node } from '../tensor/op.js';
import { programOutputs, type Program } from '../tensor/program.js';
import { topologicalOrder } from '../tensor/topological-order.js';
import { TRAINING_FEEDS, TRAINING_METRICS } from './training-program.js';

/** The parts of a training step, in the order in which they are computed. */
export const STEP_PARTS = [
  'generator forward',
  'discriminator forward, real rolls',
  'discriminator forward, generated rolls',
  'discriminator backward',
  'discriminator update',
  'updated discriminator forward',
  'generator backward',
  'generator update',
] as const;
export type StepPart = (typeof STEP_PARTS)[number];

/** The part of the step that each node of a `trainingProgram` belongs to, by its ancestors and its dependents. */
export function partsOfStep(program: Program): ReadonlyMap<Node, StepPart> {
  const { metrics } = program;
  const ancestorsOf = (...names: readonly string[]): ReadonlySet<Node> =>
    new Set(topologicalOrder(metrics.filter(({ name }) => names.includes(name)).map(({ node }) => node)));
  const order = topologicalOrder(programOutputs(program));
  const { discriminatorLoss, realProbability, fakeProbability, generatorLoss } = TRAINING_METRICS;
  const inFirstForward = ancestorsOf(discriminatorLoss, realProbability, fakeProbability);
  const inGeneratorLoss = ancestorsOf(generatorLoss);
  const inDiscriminatorUpdate = new Set(topologicalOrder(nextDiscriminatorWeights(program)));
  const dependsOn = (isSource: (input: Node<'input'>) => boolean): ReadonlySet<Node> =>
    dependentsOf(order, (node) => node.op === 'input' && isSource(node));
  const isOf = (network: string, { params }: Node<'input'>): boolean => params.name.startsWith(network);
  const usesReal = dependsOn(({ params }) => params.name === TRAINING_FEEDS.real);
  const usesDiscriminator = dependsOn((node) => isOf('discriminator', node) && !isMoment(node));
  const usesGenerator = dependsOn((node) => isOf('generator', node) && !isMoment(node));
  const usesDiscriminatorMoments = dependsOn((node) => isOf('discriminator', node) && isMoment(node));
  const usesGeneratorMoments = dependsOn((node) => isOf('generator', node) && isMoment(node));
  const partOf = (node: Node): StepPart => {
    if (inFirstForward.has(node)) {
      if (!usesDiscriminator.has(node) && !usesReal.has(node)) return 'generator forward';
      return usesGenerator.has(node) ? 'discriminator forward, generated rolls' : 'discriminator forward, real rolls';
    }
    if (usesGeneratorMoments.has(node)) return 'generator update';
    if (inDiscriminatorUpdate.has(node)) {
      return usesDiscriminatorMoments.has(node) ? 'discriminator update' : 'discriminator backward';
    }
    return inGeneratorLoss.has(node) ? 'updated discriminator forward' : 'generator backward';
  };
  return new Map(order.map((node) => [node, partOf(node)]));
}

/**
 * The next values of the discriminator's weights and their moments. Running statistics are left out, because they also
 * depend on the forward pass of the updated discriminator.
 */
function nextDiscriminatorWeights({ state }: Program): readonly Node[] {
  const trained = new Set(
    state.filter(({ current }) => isMoment(current)).flatMap(({ name }) => [name, weightOf(name)]),
  );
  return state.filter(({ name }) => name.startsWith('discriminator') && trained.has(name)).map(({ next }) => next);
}

const MOMENT = /\.(first|second)_moment$/;
const isMoment = (node: Node<'input'>): boolean => MOMENT.test(node.params.name);
const weightOf = (moment: string): string => moment.replace(MOMENT, '');

/** The nodes that `isSource` selects and all nodes that depend on them. */
function dependentsOf(order: readonly Node[], isSource: (node: Node) => boolean): ReadonlySet<Node> {
  const dependents = new Set<Node>();
  for (const node of order) {
    if (isSource(node) || (node.inputs as readonly Node[]).some((input) => dependents.has(input))) dependents.add(node);
  }
  return dependents;
}
