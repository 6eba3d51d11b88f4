import { sizeOf, type NamedTensors, type Tensor } from '../tensor/tensor.js';
import { BATCH_NORM_EPSILON } from './apply-network.js';
import { isSequential, type Layer, type Network, type Stage } from './layers.js';
import { parametersOf, stagePrefix } from './parameters.js';

interface FoldedNetwork {
  readonly network: Network;
  readonly parameters: NamedTensors;
}

/**
 * An equal network for inference, with each batch norm folded into the convolution before it. With the running
 * statistics batch norm is y = a x + c for each channel: the weights are multiplied by a, and a bias c replaces it.
 * @param state holds at least the network's parameters; is not changed
 */
export function foldBatchNorm(network: Network, state: NamedTensors): FoldedNetwork {
  const parameters = new Map(parametersOf(network).map(({ name }) => [name, state.get(name)!]));
  if (!isSequential(network)) return { network, parameters };
  const stages = network.stages.map((stage, index) => foldStage(stage, stagePrefix(network, index), parameters));
  return { network: { ...network, stages }, parameters };
}

function foldStage(stage: Stage, prefix: string, parameters: Map<string, Tensor>): Stage {
  return stage.map((layer, i): Layer => {
    const previous = stage[i - 1];
    if (layer.kind !== 'batchNorm' || previous === undefined) return layer;
    const outputAxis = previous.kind === 'convolution' ? 0 : previous.kind === 'transposedConvolution' ? 1 : undefined;
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

/** Multiplies each slice along the axis by its factor. */
function scaleAlongAxis(axis: number, { shape, data }: Tensor, factor: Float64Array): Tensor {
  const inner = sizeOf(shape.slice(axis + 1));
  return { shape, data: data.map((w, i) => w * factor[Math.floor(i / inner) % shape[axis]!]!) };
}
