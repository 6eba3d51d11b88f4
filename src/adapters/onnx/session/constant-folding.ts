import type { NamedTensors, Shape } from '../../../domain/tensor/tensor.js';
import { BLOCKED_DOMAIN } from '../lowering/cpu/blocked-ops.js';
import { encodeModel } from '../model/model-file.js';
import type { OnnxGraph, OnnxNode, OnnxValue } from '../wire/onnx-graph.js';
import type { OpenOrtSession, OrtSession, OrtSessionOptions } from './ort-session.js';

/**
 * Opens a session of a graph and computes once what depends on constants alone. onnxruntime's constant folding leaves
 * out its own blocked operations, such as those that pack filters, and runs them every time. The results are fed to
 * each run, since constants of a model would be copied twice.
 */
export async function openWithFoldedConstants(
  graph: OnnxGraph,
  open: OpenOrtSession,
  options: OrtSessionOptions,
): Promise<OrtSession> {
  const { constantNodes, otherNodes, results } = partitionConstants(graph);
  const unoptimized = { ...options, optimize: false };
  const folded =
    results.length === 0
      ? new Map()
      : await evaluateConstants({ ...graph, nodes: constantNodes }, results, open, unoptimized);
  const inputs = [...folded].map(([name, { shape }]): OnnxValue => ({ name, type: 'float32', dims: shape }));
  const used = new Set([...otherNodes.flatMap((node) => node.inputs), ...graph.outputs.map(({ name }) => name)]);
  const remaining = {
    ...graph,
    nodes: otherNodes,
    initializers: graph.initializers.filter(({ name }) => used.has(name)),
    inputs: [...graph.inputs, ...inputs],
  };
  const session = await open(encode(remaining), unoptimized);
  return {
    ...session,
    run: (feeds, fetchOptions) => session.run(new Map([...folded, ...feeds]), fetchOptions),
    runForBytes: (feeds, output) => session.runForBytes(new Map([...folded, ...feeds]), output),
  };
}

/**
 * The nodes that depend on constants alone, the other nodes, and the results of the first that the others or the
 * outputs use.
 */
function partitionConstants({ nodes, initializers, outputs }: OnnxGraph) {
  const constants = new Set(initializers.map(({ name }) => name));
  const [constantNodes, otherNodes]: [OnnxNode[], OnnxNode[]] = [[], []];
  for (const node of nodes) {
    const isConstant = node.inputs.every((name) => constants.has(name));
    if (isConstant) for (const name of node.outputs) constants.add(name);
    (isConstant ? constantNodes : otherNodes).push(node);
  }
  const used = new Set([...otherNodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)]);
  const results = constantNodes.flatMap((node) => node.outputs).filter((name) => used.has(name));
  return { constantNodes, otherNodes, results };
}

/** Runs a graph of constants and returns its `results`. */
async function evaluateConstants(
  graph: OnnxGraph,
  results: readonly string[],
  open: OpenOrtSession,
  options: OrtSessionOptions,
): Promise<NamedTensors> {
  const used = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const constants = graph.initializers.filter(({ name }) => used.has(name));
  const [weights, lists] = [true, false].map((isFloat) =>
    constants.filter(({ type }) => (type === 'float32') === isFloat),
  );
  const sources = new Map(results.map((name) => [name, sourceOf(name, graph)]));
  const foldingGraph: OnnxGraph = {
    name: `${graph.name}, constants`,
    nodes: graph.nodes,
    initializers: lists!,
    inputs: weights!.map(({ name, type, dims }) => ({ name, type, dims })),
    outputs: [...new Set([...sources.values()].map(({ from }) => from))].map((name) => ({
      ...{ name, type: 'float32', dims: [] },
      isOfAnyShape: true,
    })),
  };
  const session = await open(encode(foldingGraph), options);
  try {
    const feeds = weights!.map(({ name, dims, data }) => [name, { shape: dims, data: data as Float32Array }] as const);
    const values = await session.run(new Map(feeds));
    return new Map(
      [...sources].map(([name, { from, shape }]) => {
        const value = values.get(from)!;
        return [name, { shape: shape ?? value.shape, data: value.data }];
      }),
    );
  } finally {
    await session.release();
  }
}

/**
 * The value that holds a result's elements, and the result's shape where a Reshape made it: as an output it would be a
 * copy.
 */
function sourceOf(name: string, { nodes, initializers }: OnnxGraph): { readonly from: string; readonly shape?: Shape } {
  const { op, inputs } = nodes.find(({ outputs }) => outputs.includes(name))!;
  const isComputed = nodes.some(({ outputs }) => outputs.includes(inputs[0]!));
  if (op !== 'Reshape' || !isComputed) return { from: name };
  const lengths = initializers.find((tensor) => tensor.name === inputs[1])!.data as BigInt64Array;
  return { from: inputs[0]!, shape: Array.from(lengths, Number) };
}

const encode = (graph: OnnxGraph): Uint8Array => encodeModel(graph, { domains: { [BLOCKED_DOMAIN]: 1 } });
