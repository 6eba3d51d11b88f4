import type { Program } from '../../../src/domain/tensor/program.js';
import { sizeOf, type NamedTensors, type Tensor } from '../../../src/domain/tensor/tensor.js';
import type { TensorEngine } from '../../../src/ports/tensor-engine.js';

/**
 * Computes nothing of a program, at once: each state tensor becomes a mixture of itself and all that was fed, and
 * metrics are mixtures of feeds and state. So whoever feeds or carries anything else ends with other numbers. It tests
 * those who drive an engine; the reference engine stands in where values matter.
 */
export const mixingEngine: TensorEngine = {
  name: 'mixing',
  device: 'cpu',
  tolerance: 0,
  compile: async ({ state: slots, metrics }: Program) => {
    let state: NamedTensors = new Map();
    return {
      load: async (given) => void (state = new Map(slots.map(({ name }) => [name, given.get(name)!]))),
      step: async (feeds) => {
        const fed = digest(feeds);
        const held = digest(state);
        state = new Map([...state].map(([name, tensor], i) => [name, mixed(tensor, fed * Math.cos(i))]));
        return new Map(metrics.map(({ name, node }, i) => [name, filled(node.shape, fed + held + i)]));
      },
      read: async () => state,
      release: async () => undefined,
    };
  },
};

function digest(tensors: NamedTensors): number {
  let sum = 0;
  for (const { data } of tensors.values()) {
    sum = 0.7 * sum + 1;
    for (let i = 0; i < data.length; i++) sum += data[i]! * ((i % 13) + 1);
  }
  return sum;
}

function mixed({ shape, data }: Tensor, by: number): Tensor {
  const added = Math.sin(by);
  return { shape, data: data.map((x) => 0.5 * x + added) };
}

/** Values in 0..1, as losses and certainties are. */
function filled(shape: readonly number[], from: number): Tensor {
  const data = new Float32Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = (Math.abs(from) + i * 0.37) % 1;
  return { shape, data };
}
