import { constant, input } from '../tensor/node-builders.js';
import { decomposeTransposedConvolutions } from '../tensor/rewrites/decompose-transposed-convolutions.js';
import type { Node } from '../tensor/op.js';
import type { Program } from '../tensor/program.js';
import { simplifyProgram } from '../tensor/rewrites/simplify.js';
import type { NamedTensors } from '../tensor/tensor.js';
import { applyNetwork, type ParameterNodes } from './apply-network.js';
import { foldBatchNorm } from './fold-batch-norm.js';
import { noiseShape, type ModelSpec } from './model-spec.js';
import { parametersOf } from './parameters.js';

/** Names of the feed and the metric of a generator's program. */
export const GENERATOR_TENSORS = { noise: 'noise', roll: 'roll' } as const;

/**
 * A generator whose parameters are state that does not change:
 * noise [batch, ...] -> probabilities [batch, channels, pitches, columns].
 */
export function samplingProgram(spec: ModelSpec, batch: number): Program {
  const parameters = parametersOf(spec.generator).map(({ name, shape }) => input(name, shape));
  const byName = new Map<string, Node>(parameters.map((node) => [node.params.name, node]));
  return {
    ...buildGeneratorProgram(spec, batch, byName),
    state: parameters.map((node) => ({ name: node.params.name, current: node, next: node })),
  };
}

/**
 * A generator for inference: its parameters are constants, batch norm is folded into the convolutions, and transposed
 * convolutions are decomposed where that is faster.
 * @param state holds at least the generator's parameters
 */
export function generatorProgram(spec: ModelSpec, batch: number, state: NamedTensors): Program {
  const folded = foldBatchNorm(spec.generator, state);
  const constants = new Map([...folded.parameters].map(([name, value]) => [name, constant(value)]));
  const program = buildGeneratorProgram({ ...spec, generator: folded.network }, batch, constants);
  return simplifyProgram(decomposeTransposedConvolutions(program));
}

function buildGeneratorProgram(spec: ModelSpec, batch: number, parameters: ParameterNodes): Program {
  const noise = input(GENERATOR_TENSORS.noise, [batch, ...noiseShape(spec)]);
  const condition = spec.examples?.conditionFromNoise(noise);
  const { output } = applyNetwork(spec.generator, noise, parameters, 'inference', condition);
  return {
    name: `${spec.architecture} depth ${spec.depth}, generator`,
    feeds: [noise],
    state: [],
    metrics: [{ name: GENERATOR_TENSORS.roll, node: output }],
  };
}
