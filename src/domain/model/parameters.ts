import { normals, randomStream } from '../random.js';
import { sizeOf, type Shape, type Tensor } from '../tensor/tensor.js';
import { traceNetwork, type NormalInitializer } from './functional-network.js';
import { isSequential, layerOutputShape, type Layer, type SequentialNetwork, type Network } from './layers.js';

interface Parameter {
  /** `generator.1.conv.weight`: network, stage from 1, layer, part. */
  readonly name: string;
  readonly shape: Shape;
  /** A weight is trained. A statistic is a running average of batch norm (a buffer in PyTorch), used in inference. */
  readonly role: 'weight' | 'statistic';
  readonly initial: NormalInitializer;
}

/** The initialization of DCGAN (Radford, Metz, Chintala 2015), as in the original ApolloGAN. */
const WEIGHT_INITIALIZER = { mean: 0, deviation: 0.02 };
const SCALE_INITIALIZER = { mean: 1, deviation: 0.02 };
const ZERO_INITIALIZER = { mean: 0, deviation: 0 };
const ONE_INITIALIZER = { mean: 1, deviation: 0 };

/** Every parameter of a network, in the order of its layers. */
export function parametersOf(network: Network): readonly Parameter[] {
  if (!isSequential(network)) return traceNetwork(network).weights.map((weight) => ({ ...weight, role: 'weight' }));
  let shape = network.inputShape;
  return network.stages.flatMap((stage, index) =>
    stage.flatMap((layer) => {
      const found = layerParameters(layer, shape, stagePrefix(network, index));
      shape = layerOutputShape(layer, shape);
      return found;
    }),
  );
}

/** `generator.1.`; stage numbers start at 1. */
export const stagePrefix = (network: SequentialNetwork, index: number): string => `${network.name}.${index + 1}.`;

export const weightsOf = (network: Network): readonly Parameter[] =>
  parametersOf(network).filter((p) => p.role === 'weight');

/** The number of trained values of a network. */
export const countParameters = (network: Network): number =>
  weightsOf(network).reduce((sum, p) => sum + sizeOf(p.shape), 0);

/** Initial values of all parameters of the networks: a function of the seed and the order of the parameters. */
export function initializeParameters(networks: readonly Network[], seed: number): ReadonlyMap<string, Tensor> {
  return new Map(
    networks.flatMap(parametersOf).map(({ name, shape, initial: { mean, deviation } }, index) => {
      const size = sizeOf(shape);
      const data =
        deviation === 0
          ? new Float32Array(size).fill(mean)
          : normals(randomStream(seed, 'weights', index), size).map((x) => mean + deviation * x);
      return [name, { shape, data }];
    }),
  );
}

function layerParameters(layer: Layer, input: Shape, prefix: string): readonly Parameter[] {
  const weight = (part: string, shape: Shape, initial = WEIGHT_INITIALIZER): Parameter => ({
    name: prefix + part,
    shape,
    role: 'weight',
    initial,
  });
  const statistic = (part: string, shape: Shape, initial: typeof ZERO_INITIALIZER): Parameter => ({
    name: prefix + part,
    shape,
    role: 'statistic',
    initial,
  });
  const channels = input[0]!;
  switch (layer.kind) {
    case 'convolution':
      return [weight('conv.weight', [layer.channels, channels, ...layer.kernel])];
    case 'transposedConvolution':
      return [weight('conv.weight', [channels, layer.channels, ...layer.kernel])];
    case 'batchNorm':
      return [
        weight('norm.scale', [channels], SCALE_INITIALIZER),
        weight('norm.bias', [channels], ZERO_INITIALIZER),
        statistic('norm.mean', [channels], ZERO_INITIALIZER),
        statistic('norm.variance', [channels], ONE_INITIALIZER),
      ];
    case 'bias':
      return [weight('bias', [channels], ZERO_INITIALIZER)];
    case 'linear':
      return [
        weight('linear.weight', [layer.features, channels]),
        weight('linear.bias', [layer.features], ZERO_INITIALIZER),
      ];
    case 'leakyRelu':
    case 'sigmoid':
    case 'flatten':
      return [];
  }
}
