import type { ElementwiseKind, Node } from '../../domain/tensor/op.js';
import { sameShape, sizeOf } from '../../domain/tensor/tensor.js';
import type { Kernels, Values } from './kernel.js';
import { broadcastIndices } from './strided-indices.js';

// Taken out of the global object once: test runners make every look-up of a global slow.
const { abs, exp, log, log1p, max, sqrt, tanh } = Math;

export const elementwise: Kernels<ElementwiseKind> = {
  add: ([a, b], node) => binary(node, a, b, (x, y) => x + y),
  subtract: ([a, b], node) => binary(node, a, b, (x, y) => x - y),
  multiply: ([a, b], node) => binary(node, a, b, (x, y) => x * y),
  divide: ([a, b], node) => binary(node, a, b, (x, y) => x / y),

  exp: ([a]) => a.map((x) => exp(x)),
  log: ([a]) => a.map((x) => log(x)),
  sqrt: ([a]) => a.map((x) => sqrt(x)),
  tanh: ([a]) => a.map((x) => tanh(x)),
  sigmoid: ([a]) => a.map((x) => (x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)))), // never exp of a large number
  softplus: ([a]) => a.map((x) => max(x, 0) + log1p(exp(-abs(x)))), // log(1 + eˣ) = x + log(1 + e⁻ˣ)
  leakyRelu: ([a], { params: { slope } }) => a.map((x) => (x > 0 ? x : slope * x)),
  leakyReluSlope: ([a], { params: { slope } }) => a.map((x) => (x > 0 ? 1 : slope)),

  greater: ([a, b], node) => binary(node, a, b, (x, y) => (x > y ? 1 : 0)),
  greaterOrEqual: ([a, b], node) => binary(node, a, b, (x, y) => (x >= y ? 1 : 0)),
  select: ([condition, yes, no], node) => {
    const [c, y, n] = [broadcastInput(node, 0, condition), broadcastInput(node, 1, yes), broadcastInput(node, 2, no)];
    return c.map((chosen, i) => (chosen !== 0 ? y[i]! : n[i]!));
  },

  stopGradient: ([a]) => a,
};

function binary(node: Node, a: Values, b: Values, f: (x: number, y: number) => number): Values {
  const [left, right] = [broadcastInput(node, 0, a), broadcastInput(node, 1, b)];
  const out = new Float64Array(left.length);
  for (let i = 0; i < out.length; i++) out[i] = f(left[i]!, right[i]!);
  return out;
}

/** Input `index` of a node, stretched to the node's shape. */
function broadcastInput({ shape, inputs }: Node, index: number, values: Values): Values {
  const from = inputs[index]!.shape;
  if (sameShape(from, shape)) return values;
  const out = new Float64Array(sizeOf(shape));
  if (values.length === 1) return out.fill(values[0]!);
  const table = broadcastIndices(from, shape);
  for (let i = 0; i < out.length; i++) out[i] = values[table[i]!]!;
  return out;
}
