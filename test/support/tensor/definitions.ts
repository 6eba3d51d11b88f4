import type { Node, OpKind, PerInput } from '../../../src/domain/tensor/op.js';
import type { NamedTensors, Shape } from '../../../src/domain/tensor/tensor.js';

/** A tensor as a function of its index, in doubles. The index may have more axes: `at` broadcasts as numpy does. */
interface IndexedTensor {
  readonly shape: Shape;
  readonly values: readonly number[];
  at(index: readonly number[]): number;
}

/** What each operation means, element by element: one formula each, and no thought of speed. */
type Definition<K extends OpKind> = (
  inputs: PerInput<K, IndexedTensor>,
  node: Node<K>,
) => (index: readonly number[]) => number;

const definitions: { readonly [K in Exclude<OpKind, 'input'>]: Definition<K> } = {
  constant: (_inputs, { params: { value } }) => indexedTensor(value.shape, [...value.data]).at,

  add:
    ([a, b]) =>
    (i) =>
      a.at(i) + b.at(i),
  subtract:
    ([a, b]) =>
    (i) =>
      a.at(i) - b.at(i),
  multiply:
    ([a, b]) =>
    (i) =>
      a.at(i) * b.at(i),
  divide:
    ([a, b]) =>
    (i) =>
      a.at(i) / b.at(i),
  exp:
    ([a]) =>
    (i) =>
      Math.exp(a.at(i)),
  log:
    ([a]) =>
    (i) =>
      Math.log(a.at(i)),
  sqrt:
    ([a]) =>
    (i) =>
      Math.sqrt(a.at(i)),
  tanh:
    ([a]) =>
    (i) =>
      Math.tanh(a.at(i)),
  sigmoid:
    ([a]) =>
    (i) =>
      1 / (1 + Math.exp(-a.at(i))),
  softplus:
    ([a]) =>
    (i) =>
      a.at(i) > 40 ? a.at(i) : Math.log1p(Math.exp(a.at(i))), // e⁻⁴⁰ is below rounding
  leakyRelu:
    ([a], { params: { slope } }) =>
    (i) =>
      a.at(i) * (a.at(i) > 0 ? 1 : slope),
  leakyReluSlope:
    ([a], { params: { slope } }) =>
    (i) =>
      a.at(i) > 0 ? 1 : slope,
  greater:
    ([a, b]) =>
    (i) =>
      Number(a.at(i) > b.at(i)),
  greaterOrEqual:
    ([a, b]) =>
    (i) =>
      Number(a.at(i) >= b.at(i)),
  select:
    ([c, yes, no]) =>
    (i) =>
      c.at(i) === 0 ? no.at(i) : yes.at(i),
  stopGradient: ([a]) => a.at,

  sum:
    ([a], { params }) =>
    (i) =>
      along(a, params.axes, i).reduce((x, y) => x + y, 0),
  max:
    ([a], { params }) =>
    (i) =>
      Math.max(...along(a, params.axes, i)),

  broadcast: ([a]) => a.at,
  reshape:
    ([a], { shape }) =>
    (i) =>
      a.values[flat(shape, i)]!,
  transpose:
    ([a], { params: { permutation } }) =>
    (i) =>
      a.at(a.shape.map((_, axis) => i[permutation.indexOf(axis)]!)),
  slice:
    ([a], { params: { starts } }) =>
    (i) =>
      a.at(i.map((n, axis) => n + starts[axis]!)),
  pad:
    ([a], { params: { before } }) =>
    (i) =>
      inside(
        a,
        i.map((n, axis) => n - before[axis]!),
      ),
  concat:
    (parts, { params: { axis } }) =>
    (i) => {
      let at = i[axis]!;
      for (const part of parts) {
        if (at < part.shape[axis]!) return part.at(i.with(axis, at));
        at -= part.shape[axis]!;
      }
      return NaN;
    },

  matmul:
    ([a, b], { params: { transposeA, transposeB } }) =>
    (i) => {
      const [lead, row, column] = [i.slice(0, -2), i[i.length - 2]!, i[i.length - 1]!];
      const inner = a.shape[a.shape.length - (transposeA ? 2 : 1)]!;
      return total([inner], ([k]) => {
        const left = a.at([...lead, ...(transposeA ? [k!, row] : [row, k!])]);
        return left * b.at([...lead, ...(transposeB ? [column, k!] : [k!, column])]);
      });
    },
  conv2d:
    ([x, w], { params: { stride, padding } }) =>
    ([n, o, v, u]) =>
      total(w.shape.slice(1), ([i, a, b]) => {
        const place = [n!, i!, v! * stride[0] + a! - padding[0], u! * stride[1] + b! - padding[1]];
        return inside(x, place) * w.at([o!, i!, a!, b!]);
      }),
  // Which weight joins x[p, q] and y[v, u] follows from where they lie; if there is none, they do not meet.
  conv2dInputGradient:
    ([y, w], { params: { stride, padding } }) =>
    ([n, i, p, q]) =>
      total(y.shape.slice(1), ([o, v, u]) => {
        const weight = [o!, i!, p! + padding[0] - v! * stride[0], q! + padding[1] - u! * stride[1]];
        return y.at([n!, o!, v!, u!]) * inside(w, weight);
      }),
  conv2dWeightGradient:
    ([x, y], { params: { stride, padding } }) =>
    ([o, i, a, b]) =>
      total([y.shape[0]!, y.shape[2]!, y.shape[3]!], ([n, v, u]) => {
        const place = [n!, i!, v! * stride[0] + a! - padding[0], u! * stride[1] + b! - padding[1]];
        return inside(x, place) * y.at([n!, o!, v!, u!]);
      }),
};

/**
 * The values of a node by definition.
 * @param known values of nodes for these feeds, which grow: to be shared by the nodes of one program
 */
export function evaluateByDefinition(
  root: Node,
  feeds: NamedTensors,
  known = new Map<Node, IndexedTensor>(),
): IndexedTensor {
  const visit = (node: Node): IndexedTensor => {
    const found = known.get(node);
    if (found !== undefined) return found;
    const made = node.op === 'input' ? fed(node.params.name) : computed(node, node.inputs.map(visit));
    known.set(node, made);
    return made;
  };
  const fed = (name: string): IndexedTensor => indexedTensor(feeds.get(name)!.shape, [...feeds.get(name)!.data]);
  return visit(root);
}

function computed(node: Node, inputs: readonly IndexedTensor[]): IndexedTensor {
  const definition = definitions[node.op as Exclude<OpKind, 'input'>] as (
    inputs: readonly IndexedTensor[],
    node: Node,
  ) => (index: readonly number[]) => number;
  return indexedTensor(node.shape, indices(node.shape).map(definition(inputs, node)));
}

function indexedTensor(shape: Shape, values: readonly number[]): IndexedTensor {
  const at = (index: readonly number[]): number => {
    const skipped = index.length - shape.length;
    return values[shape.reduce((place, n, axis) => place * n + (n === 1 ? 0 : index[skipped + axis]!), 0)]!;
  };
  return { shape, values, at };
}

/** Every index of a shape, in row-major order. */
function indices(shape: Shape): readonly (readonly number[])[] {
  const key = shape.join();
  const known = knownIndices.get(key);
  if (known !== undefined) return known;
  let all: (readonly number[])[] = [[]];
  for (const length of shape) all = all.flatMap((index) => Array.from({ length }, (_, n) => [...index, n]));
  knownIndices.set(key, all);
  return all;
}

const knownIndices = new Map<string, readonly (readonly number[])[]>();

const flat = (shape: Shape, index: readonly number[]): number =>
  index.reduce((at, n, axis) => at * shape[axis]! + n, 0);

/** The value, or 0 outside. */
const inside = (a: IndexedTensor, index: readonly number[]): number =>
  index.every((n, axis) => n >= 0 && n < a.shape[axis]!) ? a.at(index) : 0;

const total = (shape: Shape, term: (index: readonly number[]) => number): number =>
  indices(shape).reduce((sum, index) => sum + term(index), 0);

/** The values that differ from `index` in `axes` only. */
const along = (a: IndexedTensor, axes: readonly number[], index: readonly number[]): readonly number[] =>
  indices(a.shape.map((n, axis) => (axes.includes(axis) ? n : 1))).map((moved) =>
    a.at(index.map((n, axis) => (axes.includes(axis) ? moved[axis]! : n))),
  );
