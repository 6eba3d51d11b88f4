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
  /** The value behind each output, by the output's name. */
  readonly #sources = new Map<string, string>();
  readonly #inputNames = new Set<string>();
  /** Names of results by the operation that computes them, for common subexpression elimination. */
  #resultsByOperation = new Map<string, string>();
  #next = 0;
  /** Prefix of the names of the operations added next, before a slash; '' for none. */
  namePrefix = '';

  constructor(private readonly name: string) {}

  input(name: string, shape: Shape): void {
    this.#inputs.push({ name, type: 'float32', dims: shape });
    this.#inputNames.add(name);
  }

  /** Makes the value `from` a graph output called `name`. */
  output(name: string, shape: Shape, from: string): void {
    this.#sources.set(name, from);
    this.#outputs.push({ name, type: 'float32', dims: shape });
  }

  /** Adds an operation with one result, unless the graph has an equal one. Returns the name of the result. */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain = '',
  ): string {
    const key = JSON.stringify([domain, op, inputs, attributes]);
    const existing = this.#resultsByOperation.get(key);
    if (existing !== undefined) return existing;
    let result = `${op}_${this.#next++}`;
    while (this.#inputNames.has(result)) result = `${op}_${this.#next++}`;
    const name = this.namePrefix === '' ? result : `${this.namePrefix}/${result}`;
    const node = { op, name, inputs, outputs: [result], attributes };
    this.#nodes.push(domain === '' ? node : { ...node, domain });
    this.#resultsByOperation.set(key, result);
    return result;
  }

  /** Adds the operations of `build` even if the graph has equal ones, whose results then need not stay in memory. */
  recompute<T>(build: () => T): T {
    const saved = this.#resultsByOperation;
    this.#resultsByOperation = new Map();
    try {
      return build();
    } finally {
      this.#resultsByOperation = saved;
    }
  }

  /** The operation that computes a value; undefined for an input or a constant. */
  nodeOf = (value: string): OnnxNode | undefined => this.#nodes.find(({ outputs }) => outputs[0] === value);

  /** An int64 constant, such as axes or a shape. Equal lists share one constant. */
  ints(values: readonly number[]): string {
    return this.#constant(`ints_${values.join('_')}`, (name) => int64Tensor(name, values));
  }

  float(value: number): string {
    return this.#constant(`float_${value}`, (name) => floatTensor(name, [], Float32Array.of(value)));
  }

  tensor(shape: Shape, data: Float32Array): string {
    return this.#constant(`tensor_${this.#next++}`, (name) => floatTensor(name, shape, data));
  }

  /** The finished graph, without the operations that no output needs: onnxruntime would run them. */
  finish(): OnnxGraph {
    return {
      name: this.name,
      nodes: this.#liveNodes(),
      initializers: [...this.#initializers.values()],
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  /**
   * The needed nodes. Those that compute an output take its name, since onnxruntime copies the input of an Identity.
   */
  #liveNodes(): readonly OnnxNode[] {
    const computed = new Set(this.#nodes.flatMap((node) => node.outputs));
    const names = new Map<string, string>();
    const copies: OnnxNode[] = [];
    for (const [name, from] of this.#sources) {
      if (computed.has(from) && !names.has(from)) names.set(from, name);
      else copies.push({ op: 'Identity', name, inputs: [names.get(from) ?? from], outputs: [name] });
    }
    const renamed = (value: string): string => names.get(value) ?? value;
    const needed = new Set(this.#sources.values());
    const kept: OnnxNode[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.outputs.some((output) => needed.has(output))) continue;
      for (const input of node.inputs) needed.add(input);
      kept.push({ ...node, inputs: node.inputs.map(renamed), outputs: node.outputs.map(renamed) });
    }
    return [...kept.reverse(), ...copies];
  }

  #constant(name: string, create: (name: string) => OnnxTensor): string {
    if (!this.#initializers.has(name)) this.#initializers.set(name, create(name));
    return name;
  }
}
