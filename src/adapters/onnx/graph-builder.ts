import type { Shape } from '../../domain/tensor/tensor.js';
import {
  floatTensor,
  int64Tensor,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './onnx-graph.js';

/** Collects the nodes of an ONNX graph and names their values. */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxTensor>();
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  readonly #taken = new Set<string>();
  /** Results by what computes them. */
  readonly #known = new Map<string, string>();
  #next = 0;

  constructor(private readonly name: string) {}

  input(name: string, shape: Shape): void {
    this.#inputs.push({ name, type: 'float32', dims: shape });
    this.#taken.add(name);
  }

  /** Makes the value `from` an output called `name`. */
  output(name: string, shape: Shape, from: string): void {
    this.#nodes.push({ op: 'Identity', name, inputs: [from], outputs: [name] });
    this.#outputs.push({ name, type: 'float32', dims: shape });
  }

  /** Adds an operation with one result, unless an equal one is there, and returns the result's name. */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain = '',
  ): string {
    const saying = JSON.stringify([domain, op, inputs, attributes]);
    const known = this.#known.get(saying);
    if (known !== undefined) return known;
    let result = `${op}_${this.#next++}`;
    while (this.#taken.has(result)) result = `${op}_${this.#next++}`;
    const node = { op, name: result, inputs, outputs: [result], attributes };
    this.#nodes.push(domain === '' ? node : { ...node, domain });
    this.#known.set(saying, result);
    return result;
  }

  /** A list of whole numbers, such as axes or a shape. Equal lists are kept once. */
  ints(values: readonly number[]): string {
    return this.#constant(`ints_${values.join('_')}`, (name) => int64Tensor(name, values));
  }

  float(value: number): string {
    return this.#constant(`float_${value}`, (name) => floatTensor(name, [], Float32Array.of(value)));
  }

  tensor(shape: Shape, data: Float32Array): string {
    return this.#constant(`tensor_${this.#next++}`, (name) => floatTensor(name, shape, data));
  }

  finish(): OnnxGraph {
    return {
      name: this.name,
      nodes: this.#nodes,
      initializers: [...this.#initializers.values()],
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  #constant(name: string, make: (name: string) => OnnxTensor): string {
    if (!this.#initializers.has(name)) this.#initializers.set(name, make(name));
    return name;
  }
}
