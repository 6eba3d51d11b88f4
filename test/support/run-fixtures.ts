import { DEFAULT_ROLL_FORMAT } from '../../src/domain/roll/roll-format.js';
import type { NamedTensors } from '../../src/domain/tensor/tensor.js';
import type { Checkpoint } from '../../src/domain/training/checkpoint.js';
import { RUN_VERSION, type RunConfiguration } from '../../src/domain/training/run-configuration.js';
import type { LogEntry } from '../../src/ports/run-store.js';
import { randomTensor, tensor } from './tensor/graph-cases.js';

export const configuration: RunConfiguration = {
  version: RUN_VERSION,
  model: { architecture: 'dcgan-a', depth: 2 },
  dataset: { path: 'data/small', digest: 'ab'.repeat(32), origin: 'a test', rolls: 40, format: DEFAULT_ROLL_FORMAT },
  engine: { name: 'reference', device: 'cpu', threads: 1 },
  batch: 16,
  epochs: 3,
  seed: 7,
  logEvery: 1,
  sampleEvery: 1,
  checkpointEvery: 1,
};

/** Numbers that a sloppy store loses: minus zero, infinities, the smallest, a NaN. */
const delicate = tensor([2, 3], -0, Infinity, -Infinity, 1e-45, NaN, 0.1);

const stateOf = (seed: number): NamedTensors =>
  new Map([
    ['generator.1.conv.weight', randomTensor([2, 3, 4, 4], seed)],
    ['adam.first_correction', tensor([], seed / 7)],
    ['generator.1.norm.scale', delicate],
  ]);

export const checkpointOf = (step: number): Checkpoint => ({ step, model: configuration.model, state: stateOf(step) });

export const entryOf = (step: number): LogEntry => ({ step, epoch: Math.ceil(step / 2), 'generator.loss': step / 3 });

/** Names in order, values bit for bit: for comparing states. */
export const bitsOf = (state: NamedTensors): readonly unknown[] =>
  [...state]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { shape, data }]) => [name, [...shape], Buffer.from(data.slice().buffer).toString('hex')]);
