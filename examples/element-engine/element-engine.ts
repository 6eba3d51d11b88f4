import { ShapeError, UnfedInputError } from '../../src/domain/errors.js';
import type { Node } from '../../src/domain/tensor/op.js';
import { programOutputs, type Program } from '../../src/domain/tensor/program.js';
import { sameShape, shapeText, type NamedTensors, type Shape, type Tensor } from '../../src/domain/tensor/tensor.js';
import { topologicalOrder } from '../../src/domain/tensor/topological-order.js';
import type { CompiledProgram, TensorEngine } from '../../src/ports/tensor-engine.js';
import { indices, kernels, place, type Computed, type Element } from './kernels.js';

/**
 * The example of docs/add-an-engine.md: every element of every tensor is computed by asking what it is. Very slow, and
 * complete: it runs any program, also a training step.
 */
export const elementEngine: TensorEngine = {
  name: 'element',
  device: 'cpu',
  tolerance: 2 ** -24,
  compile: async (program) => compiled(program),
};

// Step 2: the state is whatever the engine likes to keep; here, the tensors themselves.
function compiled(program: Program): CompiledProgram {
  const outputs = programOutputs(program);
  const order = topologicalOrder(outputs);
  let state = new Map<string, Tensor>();
  return {
    load: async (given) => {
      state = new Map(program.state.map(({ name, current }) => [name, copy(checked(given, name, current))]));
    },
    step: async (feeds) => {
      // By name: whoever built the graph may have made an input of the same name more than once.
      const given = new Map<string, Tensor>([
        ...program.feeds.map((feed) => [feed.params.name, checked(feeds, feed.params.name, feed)] as const),
        ...program.state.map(({ name, current }) => [name, checked(state, name, current)] as const),
      ]);
      const values = new Map<Node, Values>();
      for (const node of order) {
        values.set(node, node.op === 'input' ? given.get(node.params.name)! : computed(node, values));
      }
      state = new Map(program.state.map(({ name, next }) => [name, rounded(values.get(next)!)]));
      return new Map(program.metrics.map(({ name, node }) => [name, rounded(values.get(node)!)]));
    },
    read: async () => new Map([...state].map(([name, tensor]) => [name, copy(tensor)])),
    release: async () => state.clear(),
  };
}

/** Doubles on the way; what is kept or told is rounded to float32. */
interface Values {
  readonly shape: Shape;
  readonly data: Float32Array | Float64Array;
}

function computed(node: Node<Computed | 'constant'>, values: ReadonlyMap<Node, Values>): Values {
  if (node.op === 'constant') return node.params.value;
  const kernel = kernels[node.op] as (inputs: readonly Element[], node: Node) => Element;
  const element = kernel(
    node.inputs.map((input) => reader(values.get(input)!)),
    node,
  );
  return { shape: node.shape, data: Float64Array.from(indices(node.shape), element) };
}

/** Reads an element by an index of any shape that this tensor broadcasts to, as in numpy. */
const reader =
  ({ shape, data }: Values): Element =>
  (index) => {
    const own = index.slice(index.length - shape.length);
    return data[
      place(
        own.map((n, axis) => (shape[axis] === 1 ? 0 : n)),
        shape,
      )
    ]!;
  };

function checked(tensors: NamedTensors, name: string, { shape }: Node): Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new UnfedInputError(name);
  if (!sameShape(tensor.shape, shape)) {
    throw new ShapeError(`the program's input "${name}"`, [tensor.shape], shapeText(shape));
  }
  return tensor;
}

const copy = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.slice() });
const rounded = ({ shape, data }: Values): Tensor => ({ shape, data: Float32Array.from(data) });
