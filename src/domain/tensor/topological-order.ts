import type { Node } from './op.js';

/** All nodes that `roots` depend on, inputs before their users. Equal graphs give equal orders. */
export function topologicalOrder(roots: readonly Node[]): readonly Node[] {
  const order = new Set<Node>();
  // An explicit stack, because the graph of a training step is deeper than the call stack allows.
  const stack: { node: Node; next: number }[] = [];
  for (const root of roots) {
    if (order.has(root)) continue;
    stack.push({ node: root, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = top.node.inputs[top.next++];
      if (input === undefined) {
        order.add(top.node);
        stack.pop();
      } else if (!order.has(input)) {
        stack.push({ node: input, next: 0 });
      }
    }
  }
  return [...order];
}
