import type { Shape } from '../../../domain/tensor/tensor.js';
import {
  floatTensor,
  int64Tensor,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from '../wire/onnx-graph.js';

/** Collects the nodes of an ONNX graph and names their values. */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxTensor>();
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  /** Values of outputs by their names. */
  readonly #sources = new Map<string, string>();
  readonly #taken = new Set<string>();
  /** Results by what computes them. */
  #known = new Map<string, string>();
  #next = 0;
  /** What the names of the next operations begin with, before a slash; '' for nothing. */
  namePrefix = '';

  constructor(private readonly name: string) {}

  input(name: string, shape: Shape): void {
    this.#inputs.push({ name, type: 'float32', dims: shape });
    this.#taken.add(name);
  }

  /** Makes the value `from` an output called `name`. */
  output(name: string, shape: Shape, from: string): void {
    this.#sources.set(name, from);
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
    const name = this.namePrefix === '' ? result : `${this.namePrefix}/${result}`;
    const node = { op, name, inputs, outputs: [result], attributes };
    this.#nodes.push(domain === '' ? node : { ...node, domain });
    this.#known.set(saying, result);
    return result;
  }

  /** Makes operations anew, though equal ones are there: their results need not be kept until then. */
  recompute<T>(make: () => T): T {
    const known = this.#known;
    this.#known = new Map();
    try {
      return make();
    } finally {
      this.#known = known;
    }
  }

  /** The operation that computes a value; undefined for an input or a constant. */
  nodeOf = (value: string): OnnxNode | undefined => this.#nodes.find(({ outputs }) => outputs[0] === value);

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

  /** The graph, without what no output needs: onnxruntime would compute it. */
  finish(): OnnxGraph {
    return {
      name: this.name,
      nodes: this.#namedNodes(),
      initializers: [...this.#initializers.values()],
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  /** The nodes that are needed, with the outputs called as they should be: onnxruntime copies what an Identity only renames. */
  #namedNodes(): readonly OnnxNode[] {
    const computed = new Set(this.#nodes.flatMap((node) => node.outputs));
    const names = new Map<string, string>();
    const copies: OnnxNode[] = [];
    for (const [name, from] of this.#sources) {
      if (computed.has(from) && !names.has(from)) names.set(from, name);
      else copies.push({ op: 'Identity', name, inputs: [names.get(from) ?? from], outputs: [name] });
    }
    const named = (value: string): string => names.get(value) ?? value;
    const needed = new Set(this.#sources.values());
    const kept: OnnxNode[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.outputs.some((output) => needed.has(output))) continue;
      for (const input of node.inputs) needed.add(input);
      kept.push({ ...node, inputs: node.inputs.map(named), outputs: node.outputs.map(named) });
    }
    return [...kept.reverse(), ...copies];
  }

  #constant(name: string, make: (name: string) => OnnxTensor): string {
    if (!this.#initializers.has(name)) this.#initializers.set(name, make(name));
    return name;
  }
}
