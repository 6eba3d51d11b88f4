import { gradients } from '../../../src/domain/tensor/gradient.js';
import * as t from '../../../src/domain/tensor/node-builders.js';
import type { ConvGeometry, Node } from '../../../src/domain/tensor/op.js';
import type { Program, StateSlot } from '../../../src/domain/tensor/program.js';
import type { NamedTensors } from '../../../src/domain/tensor/tensor.js';
import { randomTensor } from './graph-cases.js';

const HALVING: ConvGeometry = { inputSize: [4, 8], kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] };
const AGAIN: ConvGeometry = { ...HALVING, inputSize: [2, 4] };
const WEIGHTS = { 'conv.1': [3, 1, 4, 4], 'conv.2': [4, 3, 4, 4], linear: [8, 1] } as const;
const BATCH = 2;
const RATE = 0.05;

/**
 * A step of a Wasserstein critic with gradient penalty (Gulrajani et al. 2017): its loss is
 * mean D(fake) - mean D(real) + 10 mean (|dD/dx| - 1)² at points x between the two. So the gradient of the weights is a
 * gradient of a gradient.
 */
export function penaltyProgram(): Program {
  const shape = [BATCH, 1, ...HALVING.inputSize];
  const [real, fake] = [t.input('real', shape), t.input('fake', shape)];
  const share = t.input('share', [BATCH, 1, 1, 1]);
  const weights = Object.entries(WEIGHTS).map(([name, shape]) => t.input(name, shape));
  const judge = (x: Node): Node => critic(x, weights);

  const between = t.add(t.multiply(real, share), t.multiply(fake, t.subtract(1, share)));
  const [slope] = gradients(t.sum(judge(between)), [between]);
  const steepness = t.sqrt(t.add(t.sum(t.square(slope!), [1, 2, 3]), 1e-12));
  const penalty = t.asScalar(t.mean(t.square(t.subtract(steepness, 1))));
  const distance = t.asScalar(t.subtract(t.mean(judge(fake)), t.mean(judge(real))));
  const loss = t.add(distance, t.multiply(penalty, 10));
  const slopes = gradients(loss, weights);
  const state = weights.map((current, i): StateSlot => {
    const next = t.subtract(current, t.multiply(slopes[i]!, RATE));
    return { name: current.params.name, current, next };
  });
  const metrics = [
    { name: 'loss', node: loss },
    { name: 'penalty', node: penalty },
  ];
  return { name: 'critic with gradient penalty', feeds: [real, fake, share], state, metrics };
}

export const penaltyState = (): NamedTensors =>
  new Map(Object.entries(WEIGHTS).map(([name, shape], i) => [name, randomTensor(shape, 50 + i, -0.3, 0.3)]));

export const penaltyFeeds = (step: number): NamedTensors => {
  const shape = [BATCH, 1, ...HALVING.inputSize];
  return new Map([
    ['real', randomTensor(shape, 100 + step, 0, 1)],
    ['fake', randomTensor(shape, 200 + step, -1, 1)],
    ['share', randomTensor([BATCH, 1, 1, 1], 300 + step, 0, 1)],
  ]);
};

/** [n, 1, 4, 8] -> [n, 1] */
function critic(x: Node, [first, second, linear]: readonly Node[]): Node {
  const one = t.leakyRelu(t.conv2d(x, first!, HALVING), 0.2);
  const two = t.tanh(t.conv2d(one, second!, AGAIN));
  return t.matmul(t.reshape(two, [x.shape[0]!, 8]), linear!);
}
