import type { NamedTensors, Shape } from '../../../domain/tensor/tensor.js';
import { BLOCKED_DOMAIN } from '../lowering/cpu/blocked-ops.js';
import { encodeModel } from '../model/model-file.js';
import type { OnnxGraph, OnnxNode, OnnxValue } from '../wire/onnx-graph.js';
import type { OpenOrtSession, OrtSession, OrtSessionOptions } from './ort-session.js';

/**
 * A session of a graph in which what depends on nothing but constants is computed once, when it is opened. onnxruntime does so itself, but
 * not for its own operations in blocks, by which weights become filters: those it does at every run. The results are fed to each run:
 * to hand them over in a model would copy them twice.
 */
export async function openWithFoldedConstants(
  graph: OnnxGraph,
  open: OpenOrtSession,
  options: OrtSessionOptions,
): Promise<OrtSession> {
  const { early, late, results } = partitionConstants(graph);
  const asItIs = { ...options, optimize: false };
  const prepared = results.length === 0 ? new Map() : await evaluateConstants(graph, early, results, open, asItIs);
  const inputs = [...prepared].map(([name, { shape }]): OnnxValue => ({ name, type: 'float32', dims: shape }));
  const used = new Set([...late.flatMap((node) => node.inputs), ...graph.outputs.map(({ name }) => name)]);
  const rest = {
    ...graph,
    nodes: late,
    initializers: graph.initializers.filter(({ name }) => used.has(name)),
    inputs: [...graph.inputs, ...inputs],
  };
  const session = await open(encode(rest), asItIs);
  return {
    ...session,
    run: (feeds, wanted) => session.run(new Map([...prepared, ...feeds]), wanted),
    runForBytes: (feeds, wanted) => session.runForBytes(new Map([...prepared, ...feeds]), wanted),
  };
}

/** The operations of constants, the others, and what the others (or the graph's users) want of the first. */
function partitionConstants({ nodes, initializers, outputs }: OnnxGraph) {
  const constants = new Set(initializers.map(({ name }) => name));
  const [early, late]: [OnnxNode[], OnnxNode[]] = [[], []];
  for (const node of nodes) {
    const isEarly = node.inputs.every((name) => constants.has(name));
    if (isEarly) for (const name of node.outputs) constants.add(name);
    (isEarly ? early : late).push(node);
  }
  const wanted = new Set([...late.flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)]);
  return { early, late, results: early.flatMap((node) => node.outputs).filter((name) => wanted.has(name)) };
}

/** What operations of a graph's constants make, by its name. */
async function evaluateConstants(
  graph: OnnxGraph,
  nodes: readonly OnnxNode[],
  results: readonly string[],
  open: OpenOrtSession,
  options: OrtSessionOptions,
): Promise<NamedTensors> {
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const constants = graph.initializers.filter(({ name }) => used.has(name));
  const [weights, lists] = [true, false].map((want) => constants.filter(({ type }) => (type === 'float32') === want));
  const sources = new Map(results.map((name) => [name, sourceOf(name, nodes, graph)]));
  const preparation: OnnxGraph = {
    name: `${graph.name}, constants`,
    nodes,
    initializers: lists!,
    inputs: weights!.map(({ name, type, dims }) => ({ name, type, dims })),
    outputs: [...new Set([...sources.values()].map(({ from }) => from))].map((name) => ({
      ...{ name, type: 'float32', dims: [] },
      isOfAnyShape: true,
    })),
  };
  const session = await open(encode(preparation), options);
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

/** The value that has a result's numbers, and the shape that a Reshape gives them: as a result itself it would copy them. */
function sourceOf(
  name: string,
  nodes: readonly OnnxNode[],
  { initializers }: OnnxGraph,
): { readonly from: string; readonly shape?: Shape } {
  const { op, inputs } = nodes.find(({ outputs }) => outputs.includes(name))!;
  const isComputed = nodes.some(({ outputs }) => outputs.includes(inputs[0]!));
  if (op !== 'Reshape' || !isComputed) return { from: name };
  const lengths = initializers.find((tensor) => tensor.name === inputs[1])!.data as BigInt64Array;
  return { from: inputs[0]!, shape: Array.from(lengths, Number) };
}

const encode = (graph: OnnxGraph): Uint8Array => encodeModel(graph, { domains: { [BLOCKED_DOMAIN]: 1 } });
