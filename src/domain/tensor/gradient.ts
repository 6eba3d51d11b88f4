import {
  add,
  asScalar,
  broadcast,
  constant,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  divide,
  greaterOrEqual,
  leakyReluSlope,
  matmul,
  multiply,
  negate,
  pad,
  reshape,
  select,
  sigmoid,
  slice,
  subtract,
  sum,
  transpose,
} from './node-builders.js';
import type { Node, OpKind, PerInput } from './op.js';
import { sameShape, sizeOf, type Shape } from './tensor.js';
import { topologicalOrder } from './topological-order.js';

/** Given dL/d(node), builds dL/d(input) for each input; undefined where it is zero everywhere. */
type GradientRule<K extends OpKind> = (upstream: Node, node: Node<K>) => PerInput<K, Node | undefined>;

const gradientRules: { readonly [K in OpKind]: GradientRule<K> } = {
  input: () => [],
  constant: () => [],

  add: (g, { inputs: [a, b] }) => [unbroadcast(g, a), unbroadcast(g, b)],
  subtract: (g, { inputs: [a, b] }) => [unbroadcast(g, a), negate(unbroadcast(g, b))],
  multiply: (g, { inputs: [a, b] }) => [unbroadcast(multiply(g, b), a), unbroadcast(multiply(g, a), b)],
  // y = a/b:  da = g/b, db = -g y/b
  divide: (g, y) => {
    const [a, b] = y.inputs;
    return [unbroadcast(divide(g, b), a), negate(unbroadcast(divide(multiply(g, y), b), b))];
  },

  // Where possible a derivative uses the result y, so that the forward pass is not computed twice.
  exp: (g, y) => [multiply(g, y)],
  log: (g, { inputs: [x] }) => [divide(g, x)],
  sqrt: (g, y) => [divide(multiply(g, 0.5), y)],
  tanh: (g, y) => [multiply(g, subtract(1, multiply(y, y)))],
  sigmoid: (g, y) => [multiply(g, multiply(y, subtract(1, y)))],
  softplus: (g, { inputs: [x] }) => [multiply(g, sigmoid(x))],
  leakyRelu: (g, y) => [multiply(g, leakyReluSlope(y, y.params.slope))], // y has the sign of x
  leakyReluSlope: () => [undefined],

  greater: () => [undefined, undefined],
  greaterOrEqual: () => [undefined, undefined],
  select: (g, { inputs: [condition, a, b] }) => [
    undefined,
    unbroadcast(select(condition, g, 0), a),
    unbroadcast(select(condition, 0, g), b),
  ],

  sum: (g, { inputs: [x] }) => [broadcast(g, x.shape)],
  // Equal maxima share the gradient.
  max: (g, y) => {
    const [x] = y.inputs;
    const winners = greaterOrEqual(x, y);
    return [multiply(winners, divide(g, sum(winners, y.params.axes)))];
  },

  broadcast: (g, { inputs: [x] }) => [unbroadcast(g, x)],
  reshape: (g, { inputs: [x] }) => [reshape(g, x.shape)],
  transpose: (g, { params: { permutation } }) => [
    transpose(
      g,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ],
  slice: (g, { inputs: [x], params: { starts, ends } }) => [
    pad(
      g,
      starts,
      x.shape.map((n, i) => n - ends[i]!),
    ),
  ],
  pad: (g, { inputs: [x], params: { before } }) => [
    slice(
      g,
      before,
      x.shape.map((n, i) => before[i]! + n),
    ),
  ],
  concat: (g, { inputs, params: { axis } }) => {
    let from = 0;
    return inputs.map((part) => {
      const starts = g.shape.map((_, i) => (i === axis ? from : 0));
      from += part.shape[axis]!;
      return slice(
        g,
        starts,
        g.shape.map((n, i) => (i === axis ? from : n)),
      );
    });
  },

  // C = AB:  dA = G Bᵀ, dB = Aᵀ G; a transposed operand gets a transposed gradient.
  matmul: (g, { inputs: [a, b], params: { transposeA, transposeB } }) => [
    transposeA ? matmul(b, g, { transposeA: transposeB, transposeB: true }) : matmul(g, b, { transposeB: !transposeB }),
    transposeB ? matmul(g, a, { transposeA: true, transposeB: transposeA }) : matmul(a, g, { transposeA: !transposeA }),
  ],
  conv2d: (g, { inputs: [x, w], params }) => [conv2dInputGradient(g, w, params), conv2dWeightGradient(x, g, params)],
  conv2dInputGradient: (g, { inputs: [y, w], params }) => [conv2d(g, w, params), conv2dWeightGradient(g, y, params)],
  conv2dWeightGradient: (g, { inputs: [x, y], params }) => [conv2dInputGradient(y, g, params), conv2d(x, g, params)],

  stopGradient: () => [undefined],
};

/**
 * Builds the graph of d(loss)/d(target) for each target, by reverse-mode differentiation (Griewank and Walther 2008).
 * The result consists of the same operations, so it can be differentiated again.
 * @param loss a node of one element
 */
export function gradients(loss: Node, targets: readonly Node[]): readonly Node[] {
  if (sizeOf(loss.shape) !== 1) throw new Error(`loss must have one element, got shape [${loss.shape.join(', ')}]`);
  const order = topologicalOrder([loss]);
  const onPath = nodesDependingOn(targets, order);
  const adjoints = new Map<Node, Node>([[loss, broadcast(constant(1), loss.shape)]]);
  for (const current of order.toReversed()) {
    const upstream = adjoints.get(current);
    if (upstream === undefined || !onPath.has(current)) continue;
    const rule = gradientRules[current.op] as (g: Node, n: Node) => readonly (Node | undefined)[];
    rule(upstream, current).forEach((g, i) => {
      const into = current.inputs[i]!;
      if (g === undefined || !onPath.has(into)) return;
      const sum = adjoints.get(into);
      adjoints.set(into, sum === undefined ? g : add(sum, g));
    });
  }
  return targets.map((target) => adjoints.get(target) ?? broadcast(constant(0), target.shape));
}

/** The targets and all nodes computed from them: only these need a gradient. */
function nodesDependingOn(targets: readonly Node[], order: readonly Node[]): ReadonlySet<Node> {
  const dependents = new Set<Node>(targets);
  for (const current of order) if (current.inputs.some((i) => dependents.has(i))) dependents.add(current);
  return dependents;
}

/** The gradient of broadcasting: sums `g` over the axes along which `input` was broadcast. */
function unbroadcast(g: Node, { shape }: { readonly shape: Shape }): Node {
  if (sameShape(g.shape, shape)) return g;
  if (shape.length === 0) return asScalar(sum(g));
  const extra = g.shape.length - shape.length;
  const axes = g.shape.map((_, i) => i).filter((i) => i < extra || (shape[i - extra] === 1 && g.shape[i] !== 1));
  return reshape(sum(g, axes), shape);
}
