import { constant, input } from '../tensor/build.js';
import { withDenseTransposed } from '../tensor/rewrites/dense-transposed.js';
import type { Node } from '../tensor/op.js';
import type { Program } from '../tensor/program.js';
import { simplifyProgram } from '../tensor/rewrites/simplify.js';
import type { NamedTensors } from '../tensor/tensor.js';
import { applyNetwork, type ParameterNodes } from './apply.js';
import { foldBatchNorm } from './fold.js';
import { noiseShape, type ModelSpec } from './model-spec.js';
import { parametersOf } from './parameters.js';

/** The feed and the metric of a generator's program. */
export const GENERATOR = { noise: 'noise', roll: 'roll' } as const;

/**
 * A generator whose parameters are state that stays as it is:
 * noise [batch, ...] -> certainties [batch, channels, pitches, columns].
 */
export function samplingProgram(spec: ModelSpec, batch: number): Program {
  const parameters = parametersOf(spec.generator).map(({ name, shape }) => input(name, shape));
  const byName = new Map<string, Node>(parameters.map((node) => [node.params.name, node]));
  return {
    ...programOf(spec, batch, byName),
    state: parameters.map((node) => ({ name: node.params.name, current: node, next: node })),
  };
}

/**
 * A generator made to compose: its parameters, taken from a training's state, are constants, batch norm is folded into the
 * convolutions, and transposed ones are dense where that is faster.
 */
export function generatorProgram(spec: ModelSpec, batch: number, state: NamedTensors): Program {
  const folded = foldBatchNorm(spec.generator, state);
  const constants = new Map([...folded.parameters].map(([name, value]) => [name, constant(value)]));
  const program = programOf({ ...spec, generator: folded.network }, batch, constants);
  return simplifyProgram(withDenseTransposed(program));
}

function programOf(spec: ModelSpec, batch: number, parameters: ParameterNodes): Program {
  const noise = input(GENERATOR.noise, [batch, ...noiseShape(spec)]);
  const condition = spec.examples?.condition(noise);
  const { output } = applyNetwork(spec.generator, noise, parameters, 'inference', condition);
  return {
    name: `${spec.architecture} depth ${spec.depth}, generator`,
    feeds: [noise],
    state: [],
    metrics: [{ name: GENERATOR.roll, node: output }],
  };
}
