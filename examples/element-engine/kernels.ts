import type { ConvGeometry, Node, OpKind, PerInput } from '../../src/domain/tensor/op.js';
import { outputSize } from '../../src/domain/tensor/shape-rules.js';
import type { Shape } from '../../src/domain/tensor/tensor.js';

/** Gives one element of a tensor. */
export type Element = (index: Shape) => number;

/** Computes an element of a result from elements of the inputs. Inputs broadcast to the shape of the index. */
type Kernel<K extends OpKind> = (inputs: PerInput<K, Element>, node: Node<K>) => Element;

export type Computed = Exclude<OpKind, 'input' | 'constant'>;

// Step 3 of docs/add-an-engine.md: the kernel table. Without an entry for each operation it does not compile.
export const kernels: { readonly [K in Computed]: Kernel<K> } = {
  add:
    ([a, b]) =>
    (i) =>
      a(i) + b(i),
  subtract:
    ([a, b]) =>
    (i) =>
      a(i) - b(i),
  multiply:
    ([a, b]) =>
    (i) =>
      a(i) * b(i),
  divide:
    ([a, b]) =>
    (i) =>
      a(i) / b(i),

  exp: each(Math.exp),
  log: each(Math.log),
  sqrt: each(Math.sqrt),
  tanh: each(Math.tanh),
  sigmoid: each((x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))),
  softplus: each((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  leakyRelu:
    ([a], { params: { slope } }) =>
    (i) =>
      a(i) > 0 ? a(i) : slope * a(i),
  leakyReluSlope:
    ([a], { params: { slope } }) =>
    (i) =>
      a(i) > 0 ? 1 : slope,

  greater:
    ([a, b]) =>
    (i) =>
      Number(a(i) > b(i)),
  greaterOrEqual:
    ([a, b]) =>
    (i) =>
      Number(a(i) >= b(i)),
  select:
    ([condition, yes, no]) =>
    (i) =>
      condition(i) !== 0 ? yes(i) : no(i),

  sum:
    ([a], node) =>
    (i) =>
      reducedOver(node, i).reduce((sum, j) => sum + a(j), 0),
  max:
    ([a], node) =>
    (i) =>
      Math.max(...reducedOver(node, i).map(a)),

  broadcast: ([a]) => a,
  reshape:
    ([a], { inputs: [x], shape }) =>
    (i) =>
      a(indexOf(place(i, shape), x.shape)),
  transpose:
    ([a], { params: { permutation } }) =>
    (i) =>
      a(permutation.map((_, axis) => i[permutation.indexOf(axis)]!)),
  slice:
    ([a], { params: { starts } }) =>
    (i) =>
      a(i.map((n, axis) => n + starts[axis]!)),
  pad:
    ([a], { inputs: [x], params: { before } }) =>
    (i) => {
      const j = i.map((n, axis) => n - before[axis]!);
      return inside(j, x.shape) ? a(j) : 0;
    },
  concat:
    (parts, { inputs, params: { axis } }) =>
    (i) => {
      let [part, at] = [0, i[axis]!];
      while (at >= inputs[part]!.shape[axis]!) at -= inputs[part++]!.shape[axis]!;
      return parts[part]!(i.with(axis, at));
    },

  matmul:
    ([a, b], { inputs: [x], params: { transposeA, transposeB } }) =>
    (i) => {
      const [batch, [row, column]] = [i.slice(0, -2), i.slice(-2) as [number, number]];
      const length = x.shape.at(transposeA ? -2 : -1)!;
      return total(
        [length],
        ([k]) =>
          a([...batch, ...(transposeA ? [k!, row] : [row, k!])]) *
          b([...batch, ...(transposeB ? [column, k!] : [k!, column])]),
      );
    },
  // y[n, o, v, u] = sum of x[n, i, r, c] w[o, i, a, b] over all that meet: r = v * stride + a - top, c likewise.
  conv2d:
    (
      [x, w],
      {
        inputs: [
          image,
          {
            shape: [, ins],
          },
        ],
        params,
      },
    ) =>
    ([n, o, v, u]) =>
      total([ins!, ...params.kernel], ([i, a, b]) => {
        const at = [n!, i!, ...met(params, [v!, u!], [a!, b!])];
        return inside(at, image.shape) ? x(at) * w([o!, i!, a!, b!]) : 0;
      }),
  conv2dInputGradient:
    (
      [y, w],
      {
        inputs: [
          {
            shape: [, outs],
          },
        ],
        params,
      },
    ) =>
    ([n, i, r, c]) =>
      total([outs!, ...outputSize(params), ...params.kernel], ([o, v, u, a, b]) => {
        const [row, column] = met(params, [v!, u!], [a!, b!]);
        return row === r && column === c ? y([n!, o!, v!, u!]) * w([o!, i!, a!, b!]) : 0;
      }),
  conv2dWeightGradient:
    ([x, y], { inputs: [image], params }) =>
    ([o, i, a, b]) =>
      total([image.shape[0]!, ...outputSize(params)], ([n, v, u]) => {
        const at = [n!, i!, ...met(params, [v!, u!], [a!, b!])];
        return inside(at, image.shape) ? x(at) * y([n!, o!, v!, u!]) : 0;
      }),

  stopGradient: ([a]) => a,
};

/** Every index of a shape, in row-major order. */
export function* indices(shape: Shape): Generator<Shape> {
  const [length, ...rest] = shape;
  if (length === undefined) yield [];
  else for (let n = 0; n < length; n++) for (const index of indices(rest)) yield [n, ...index];
}

/** Where an element lies in a row-major array, and the way back. */
export const place = (index: Shape, shape: Shape): number => index.reduce((at, n, axis) => at * shape[axis]! + n, 0);
const indexOf = (at: number, shape: Shape): Shape =>
  shape.reduceRight<number[]>((index, length) => {
    const rest = at % length;
    at = (at - rest) / length;
    return [rest, ...index];
  }, []);

function each(f: (x: number) => number): <E extends readonly [Element]>(inputs: E) => Element {
  return ([a]) =>
    (i) =>
      f(a(i));
}

function total(shape: Shape, term: (index: Shape) => number): number {
  let sum = 0;
  for (const index of indices(shape)) sum += term(index);
  return sum;
}

/** The indices of the input that a reduction joins in element i of its result. */
function reducedOver({ inputs: [x], params: { axes } }: Node<'sum' | 'max'>, i: Shape): Shape[] {
  const free = x.shape.map((length, axis) => (axes.includes(axis) ? length : 1));
  return [...indices(free)].map((j) => j.map((n, axis) => (axes.includes(axis) ? n : i[axis]!)));
}

const inside = (index: Shape, shape: Shape): boolean => index.every((n, axis) => 0 <= n && n < shape[axis]!);

/** The row and column of x that place (a, b) of the kernel meets when it makes pixel (v, u) of y. */
const met = (
  { stride, padding: [top, left] }: ConvGeometry,
  [v, u]: Shape,
  [a, b]: Shape,
): readonly [number, number] => [v! * stride[0] + a! - top, u! * stride[1] + b! - left];
