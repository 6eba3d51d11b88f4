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

/** Parameters and statistics by name. */
export type ParameterNodes = ReadonlyMap<string, Node>;

export interface NetworkResult {
  readonly output: Node;
  /** Next values of the batch-norm statistics; empty in inference. */
  readonly statistics: ReadonlyMap<string, Node>;
}

/** As in PyTorch's BatchNorm2d. */
export const BATCH_NORM_EPSILON = 1e-5;
const BATCH_NORM_MOMENTUM = 0.1;

/** x [batch, ...inputShape] through all of the network. @param condition [batch, conditionSize], for a network that is told one */
export function applyNetwork(
  network: Network,
  x: Node,
  parameters: ParameterNodes,
  mode: Mode,
  condition?: Node,
): NetworkResult {
  const statistics = new Map<string, Node>();
  if (!isSequential(network)) {
    const own = (part: string): Node => parameterAt(parameters, `${network.name}.${part}`);
    return { output: network.forward(x, own, mode, condition), statistics };
  }
  const output = network.stages.reduce((input, stage, index) => {
    const prefix = stagePrefix(network, index);
    const named = (part: string): Node => parameterAt(parameters, prefix + part);
    return stage.reduce((current, layer) => {
      const keep = (part: string, next: Node): void => void statistics.set(prefix + part, next);
      return applyLayer(layer, current, named, mode, keep);
    }, input);
  }, x);
  return { output, statistics };
}

type SetStatistic = (part: string, next: Node) => void;

function applyLayer(layer: Layer, x: Node, parameter: (part: string) => Node, mode: Mode, keep: SetStatistic): Node {
  const shape = x.shape.slice(1);
  switch (layer.kind) {
    case 'convolution':
      return conv2d(x, parameter('conv.weight'), convolutionGeometry(layer, shape));
    case 'transposedConvolution':
      return conv2dInputGradient(x, parameter('conv.weight'), transposedConvolutionGeometry(layer, shape));
    case 'batchNorm':
      return mode === 'training' ? normalizeByBatch(x, parameter, keep) : normalizeByRunningAverages(x, parameter);
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
 * Batch normalization (Ioffe & Szegedy 2015): scale * (x - mean) / sqrt(variance + eps) + bias per channel, by the
 * statistics of the batch. The averages follow with momentum 0.1, the variance's with the unbiased estimate.
 */
function normalizeByBatch(x: Node, parameter: (part: string) => Node, keep: SetStatistic): Node {
  const axes = x.shape.map((_, i) => i).filter((i) => i !== 1);
  const perChannel = channelShape(x);
  const count = sizeOf(x.shape) / x.shape[1]!;
  const average = mean(x, axes);
  const centred = subtract(x, average);
  const variance = mean(square(centred), axes);
  const unbiased = multiply(variance, count / Math.max(count - 1, 1));
  keep('norm.mean', updateRunningAverage(parameter('norm.mean'), average));
  keep('norm.variance', updateRunningAverage(parameter('norm.variance'), unbiased));
  const factor = divide(reshape(parameter('norm.scale'), perChannel), sqrt(add(variance, BATCH_NORM_EPSILON)));
  return add(multiply(centred, factor), reshape(parameter('norm.bias'), perChannel));
}

function normalizeByRunningAverages(x: Node, parameter: (part: string) => Node): Node {
  const perChannel = channelShape(x);
  const factor = divide(parameter('norm.scale'), sqrt(add(parameter('norm.variance'), BATCH_NORM_EPSILON)));
  const offset = subtract(parameter('norm.bias'), multiply(parameter('norm.mean'), factor));
  return add(multiply(x, reshape(factor, perChannel)), reshape(offset, perChannel));
}

const updateRunningAverage = (kept: Node, seen: Node): Node =>
  add(multiply(kept, 1 - BATCH_NORM_MOMENTUM), multiply(reshape(seen, kept.shape), BATCH_NORM_MOMENTUM));

const channelShape = (x: Node): Shape => x.shape.map((n, i) => (i === 1 ? n : 1));

function parameterAt(parameters: ParameterNodes, name: string): Node {
  const found = parameters.get(name);
  if (found === undefined) throw new Error(`the network has no parameter "${name}"`);
  return found;
}
