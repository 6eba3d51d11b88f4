import type { Node } from '../../../domain/tensor/op.js';
import { programOutputs, type Program } from '../../../domain/tensor/program.js';
import { topologicalOrder } from '../../../domain/tensor/topological-order.js';

/**
 * Names of the state tensors that their next value may overwrite while the program runs. All readers of such a tensor,
 * also those that read its memory in another shape, are needed for the next value, so they run before it is written. An
 * engine may run any other reader afterwards.
 */
export function findInPlaceUpdates(program: Program): ReadonlySet<string> {
  const { metrics, state } = program;
  const order = topologicalOrder(programOutputs(program));
  const readers = new Map<Node, Node[]>();
  for (const node of order) {
    for (const input of node.inputs as readonly Node[]) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  const metricNodes = new Set(metrics.map(({ node }) => node));
  const nextNodes = new Set(state.map(({ next }) => next));
  const overwritable = state.filter(({ current, next }) => {
    const needed = new Set(topologicalOrder([next]));
    const isSafe = (value: Node): boolean =>
      value !== next &&
      !metricNodes.has(value) &&
      !nextNodes.has(value) &&
      (readers.get(value) ?? []).every(
        (reader) => needed.has(reader) && (!MEMORY_SHARING_OPS.has(reader.op) || isSafe(reader)),
      );
    return isSafe(current);
  });
  return new Set(overwritable.map(({ name }) => name));
}

/** Operations whose result may share the memory of their input. */
const MEMORY_SHARING_OPS: ReadonlySet<Node['op']> = new Set([
  'reshape',
  'broadcast',
  'stopGradient',
  'transpose',
  'sum',
  'max',
]);
