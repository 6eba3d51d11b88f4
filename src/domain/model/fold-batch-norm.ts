import { sizeOf, type NamedTensors, type Tensor } from '../tensor/tensor.js';
import { BATCH_NORM_EPSILON } from './apply-network.js';
import { isSequential, type Layer, type Network, type Stage } from './layers.js';
import { parametersOf, stagePrefix } from './parameters.js';

export interface FoldedNetwork {
  readonly network: Network;
  readonly parameters: NamedTensors;
}

/**
 * The same network for inference, with each batch norm that follows a convolution folded into it: the kept averages make
 * batch norm y = a x + c per channel, so the convolution's weights are scaled by a and a bias of c takes its place.
 * @param state holds at least the network's parameters; left as it is
 */
export function foldBatchNorm(network: Network, state: NamedTensors): FoldedNetwork {
  const parameters = new Map(parametersOf(network).map(({ name }) => [name, state.get(name)!]));
  if (!isSequential(network)) return { network, parameters };
  const stages = network.stages.map((stage, index) => foldStage(stage, stagePrefix(network, index), parameters));
  return { network: { ...network, stages }, parameters };
}

function foldStage(stage: Stage, prefix: string, parameters: Map<string, Tensor>): Stage {
  return stage.map((layer, i): Layer => {
    const before = stage[i - 1];
    if (layer.kind !== 'batchNorm' || before === undefined) return layer;
    const outputAxis = before.kind === 'convolution' ? 0 : before.kind === 'transposedConvolution' ? 1 : undefined;
    if (outputAxis === undefined) return layer;
    const take = (part: string): Tensor => {
      const found = parameters.get(prefix + part)!;
      parameters.delete(prefix + part);
      return found;
    };
    const [scale, bias, mean, variance] = ['scale', 'bias', 'mean', 'variance'].map(
      (part) => take(`norm.${part}`).data,
    );
    const factor = Float64Array.from(scale!, (s, c) => s / Math.sqrt(variance![c]! + BATCH_NORM_EPSILON));
    const offset = Float32Array.from(bias!, (b, c) => b - mean![c]! * factor[c]!);
    parameters.set(`${prefix}conv.weight`, scaleAlongAxis(outputAxis, take('conv.weight'), factor));
    parameters.set(`${prefix}bias`, { shape: [offset.length], data: offset });
    return { kind: 'bias' };
  });
}

/** Each slice of `weight` along the axis, times its factor. */
function scaleAlongAxis(axis: number, { shape, data }: Tensor, factor: Float64Array): Tensor {
  const inner = sizeOf(shape.slice(axis + 1));
  return { shape, data: data.map((w, i) => w * factor[Math.floor(i / inner) % shape[axis]!]!) };
}
