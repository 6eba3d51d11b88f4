import { randomStream } from '../../../src/domain/random.js';
import { input } from '../../../src/domain/tensor/node-builders.js';
import type { Node } from '../../../src/domain/tensor/op.js';
import { sizeOf, type NamedTensors, type Shape, type Tensor } from '../../../src/domain/tensor/tensor.js';

export const tensor = (shape: Shape, ...data: readonly number[]): Tensor => ({ shape, data: Float32Array.from(data) });

/** Numbers without pattern in low..high, the same ones for the same arguments. */
export function randomTensor(shape: Shape, seed = 1, low = -2, high = 2): Tensor {
  const random = randomStream(seed, 'tests', sizeOf(shape));
  return tensor(shape, ...Array.from({ length: sizeOf(shape) }, () => low + (high - low) * random.uniform()));
}

/** Whole numbers in low..high: among them are equal ones. */
export function randomIntegerTensor(shape: Shape, seed = 1, low = -2, high = 2): Tensor {
  const numbers = randomTensor(shape, seed, low, high + 1);
  return { shape, data: numbers.data.map(Math.floor) };
}

/** A graph with the tensors it is tried on. */
export interface GraphCase {
  readonly name: string;
  readonly node: Node;
  readonly feeds: NamedTensors;
}

/** A case whose inputs `a`, `b`, ... are fed with `tensors`. */
export function graphCase<const T extends readonly Tensor[]>(
  name: string,
  tensors: T,
  build: (...inputs: { [I in keyof T]: Node<'input'> }) => Node,
): GraphCase {
  const names = tensors.map((_, i) => 'abcdefgh'[i]!);
  const inputs = tensors.map(({ shape }, i) => input(names[i]!, shape));
  return {
    name,
    node: build(...(inputs as { [I in keyof T]: Node<'input'> })),
    feeds: new Map(names.map((key, i) => [key, tensors[i]!])),
  };
}
