import {
  add,
  conv2d,
  conv2dInputGradient,
  divide,
  leakyRelu,
  matmul,
  mean,
  multiply,
  reshape,
  sigmoid,
  sqrt,
  square,
  subtract,
} from '../tensor/node-builders.js';
import type { Node } from '../tensor/op.js';
import { sizeOf, type Shape } from '../tensor/tensor.js';
import type { Mode } from './functional-network.js';
import {
  convolutionGeometry,
  isSequential,
  transposedConvolutionGeometry,
  type Layer,
  type Network,
} from './layers.js';
import { stagePrefix } from './parameters.js';

/** Weights and running statistics by name. */
export type ParameterNodes = ReadonlyMap<string, Node>;

export interface NetworkResult {
  readonly output: Node;
  /** Next values of the running statistics of batch norm; empty in inference. */
  readonly statistics: ReadonlyMap<string, Node>;
}

/** The defaults of torch.nn.BatchNorm2d. */
export const BATCH_NORM_EPSILON = 1e-5;
const BATCH_NORM_MOMENTUM = 0.1;

/**
 * Builds the graph of a network.
 * @param x [batch, ...inputShape]
 * @param condition [batch, conditionSize], for a conditional network
 */
export function applyNetwork(
  network: Network,
  x: Node,
  parameters: ParameterNodes,
  mode: Mode,
  condition?: Node,
): NetworkResult {
  const statistics = new Map<string, Node>();
  if (!isSequential(network)) {
    const weight = (part: string): Node => parameterAt(parameters, `${network.name}.${part}`);
    return { output: network.forward(x, weight, mode, condition), statistics };
  }
  const output = network.stages.reduce((input, stage, index) => {
    const prefix = stagePrefix(network, index);
    const parameter = (part: string): Node => parameterAt(parameters, prefix + part);
    const setStatistic = (part: string, next: Node): void => void statistics.set(prefix + part, next);
    return stage.reduce((current, layer) => applyLayer(layer, current, parameter, mode, setStatistic), input);
  }, x);
  return { output, statistics };
}

type SetStatistic = (part: string, next: Node) => void;

function applyLayer(
  layer: Layer,
  x: Node,
  parameter: (part: string) => Node,
  mode: Mode,
  setStatistic: SetStatistic,
): Node {
  const shape = x.shape.slice(1);
  switch (layer.kind) {
    case 'convolution':
      return conv2d(x, parameter('conv.weight'), convolutionGeometry(layer, shape));
    case 'transposedConvolution':
      return conv2dInputGradient(x, parameter('conv.weight'), transposedConvolutionGeometry(layer, shape));
    case 'batchNorm':
      return mode === 'training'
        ? normalizeByBatch(x, parameter, setStatistic)
        : normalizeByRunningAverages(x, parameter);
    case 'bias':
      return add(x, reshape(parameter('bias'), channelShape(x)));
    case 'leakyRelu':
      return leakyRelu(x, layer.slope);
    case 'sigmoid':
      return sigmoid(x);
    case 'flatten':
      return reshape(x, [x.shape[0]!, sizeOf(shape)]);
    case 'linear':
      return add(matmul(x, parameter('linear.weight'), { transposeB: true }), parameter('linear.bias'));
  }
}

/**
 * Batch normalization in training mode (Ioffe and Szegedy 2015): scale (x - mean) / sqrt(variance + eps) + bias for
 * each channel, with the mean and variance of the batch. As in PyTorch, the running variance follows the unbiased
 * estimate.
 */
function normalizeByBatch(x: Node, parameter: (part: string) => Node, setStatistic: SetStatistic): Node {
  const axes = x.shape.map((_, i) => i).filter((i) => i !== 1);
  const perChannel = channelShape(x);
  const count = sizeOf(x.shape) / x.shape[1]!;
  const batchMean = mean(x, axes);
  const centered = subtract(x, batchMean);
  const variance = mean(square(centered), axes);
  const unbiased = multiply(variance, count / Math.max(count - 1, 1));
  setStatistic('norm.mean', updateRunningAverage(parameter('norm.mean'), batchMean));
  setStatistic('norm.variance', updateRunningAverage(parameter('norm.variance'), unbiased));
  const factor = divide(reshape(parameter('norm.scale'), perChannel), sqrt(add(variance, BATCH_NORM_EPSILON)));
  return add(multiply(centered, factor), reshape(parameter('norm.bias'), perChannel));
}

/** Batch normalization in inference mode: the same with the running statistics. */
function normalizeByRunningAverages(x: Node, parameter: (part: string) => Node): Node {
  const perChannel = channelShape(x);
  const factor = divide(parameter('norm.scale'), sqrt(add(parameter('norm.variance'), BATCH_NORM_EPSILON)));
  const offset = subtract(parameter('norm.bias'), multiply(parameter('norm.mean'), factor));
  return add(multiply(x, reshape(factor, perChannel)), reshape(offset, perChannel));
}

const updateRunningAverage = (running: Node, batch: Node): Node =>
  add(multiply(running, 1 - BATCH_NORM_MOMENTUM), multiply(reshape(batch, running.shape), BATCH_NORM_MOMENTUM));

/** [1, channels, 1, ...]: broadcasts over all axes but the channels. */
const channelShape = (x: Node): Shape => x.shape.map((n, i) => (i === 1 ? n : 1));

function parameterAt(parameters: ParameterNodes, name: string): Node {
  const found = parameters.get(name);
  if (found === undefined) throw new Error(`the network has no parameter "${name}"`);
  return found;
}
