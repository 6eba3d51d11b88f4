import type { Node, OpKind } from './op.js';
import { programOutputs, type Program } from './program.js';
import { shapeText, sizeOf, type Shape } from './tensor.js';
import { topologicalOrder } from './topological-order.js';

/**
 * A program as text, one line for each node, inputs before their users:
 *
 *     %12 [16, 64, 8, 32] = conv2d(%3, discriminator.2.conv.weight) kernel 4x4 stride 2x2 padding 1 1 1 1
 *
 * Inputs appear by their names and scalar constants by their values. Equal programs give equal texts.
 */
export function printProgram(program: Program): string {
  const order = topologicalOrder(programOutputs(program));
  const names = namesOf(order);
  const nameOf = (node: Node): string => names.get(node)!;
  const counts = [...countOps(program)].map(([op, count]) => `${count} ${op}`);
  return [
    `program ${program.name}`,
    ...program.feeds.map(({ params, shape }) => `feed ${params.name} ${shapeText(shape)}`),
    ...program.state.map(({ name, current }) => `state ${name} ${shapeText(current.shape)}`),
    ...order
      .filter((node) => nameOf(node).startsWith('%'))
      .map((node) => `${nameOf(node)} ${shapeText(node.shape)} = ${callText(node, nameOf)}`),
    ...program.metrics.map(({ name, node }) => `metric ${name} ${shapeText(node.shape)} = ${nameOf(node)}`),
    ...program.state.map(({ name, next }) => `next ${name} = ${nameOf(next)}`),
    `${order.length} nodes: ${counts.join(', ')}`,
    `${countMultiplyAdds(program)} multiply-adds in matmul and convolutions`,
    '',
  ].join('\n');
}

/** How often the program uses each operation, the most frequent first. */
export function countOps(program: Program): ReadonlyMap<OpKind, number> {
  const counts = new Map<OpKind, number>();
  for (const { op } of topologicalOrder(programOutputs(program))) counts.set(op, (counts.get(op) ?? 0) + 1);
  return new Map([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
}

/** Multiply-adds (MACs) of matrix products and convolutions, including those with padding zeros. */
export const countMultiplyAdds = (program: Program): number =>
  topologicalOrder(programOutputs(program)).reduce((total, node) => total + multiplyAdds(node), 0);

function multiplyAdds(node: Node): number {
  switch (node.op) {
    case 'matmul': {
      const { shape } = node.inputs[0];
      return sizeOf(node.shape) * shape[shape.length - (node.params.transposeA ? 2 : 1)]!;
    }
    // Each element of y takes one multiply-add for each kernel weight and channel of x.
    case 'conv2d':
      return sizeOf(node.shape) * sizeOf(node.inputs[1].shape.slice(1));
    case 'conv2dInputGradient':
      return sizeOf(node.inputs[0].shape) * sizeOf(node.inputs[1].shape.slice(1));
    case 'conv2dWeightGradient':
      return sizeOf(node.inputs[1].shape) * sizeOf(node.shape.slice(1));
    default:
      return 0;
  }
}

function namesOf(order: readonly Node[]): ReadonlyMap<Node, string> {
  const names = new Map<Node, string>();
  let numbered = 0;
  for (const node of order) {
    const scalar = node.op === 'constant' && node.shape.length === 0;
    if (node.op === 'input') names.set(node, node.params.name);
    else if (scalar) names.set(node, numberText(node.params.value.data[0]!));
    else names.set(node, `%${numbered++}`);
  }
  return names;
}

function callText(node: Node, nameOf: (node: Node) => string): string {
  if (node.op === 'constant') return `constant ${valuesText(node.params.value.data)}`;
  const params = Object.entries(node.params).flatMap(([name, value]) => paramText(name, value));
  return [`${node.op}(${node.inputs.map(nameOf).join(', ')})`, ...params].join(' ');
}

/** A parameter as text; nothing where the shapes on the line already show it. */
function paramText(name: string, value: number | boolean | string | Shape): readonly string[] {
  if (name === 'shape' || name === 'inputSize' || value === false) return [];
  if (value === true) return [name];
  if (!Array.isArray(value)) return [`${name} ${String(value)}`];
  return [`${name} ${value.join(name === 'kernel' || name === 'stride' ? 'x' : ' ')}`];
}

function valuesText(data: Float32Array): string {
  const shown = [...data.slice(0, 8)].map(numberText).join(' ');
  return data.length > 8 ? `${shown} ... (${data.length} values)` : shown;
}

/** The shortest decimal that rounds to the same float32: 0.1, not 0.10000000149011612. */
function numberText(value: number): string {
  for (let digits = 1; digits < 10; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}
