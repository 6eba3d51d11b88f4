import type { Program } from '../../../domain/tensor/program.js';
import { lowerProgram, nextStateName } from './lowering.js';
import { int64Tensor, intAttribute, type OnnxGraph, type OnnxNode, type OnnxValue } from '../wire/onnx-graph.js';

// Names in the graph around the loop. They must differ from the names in its body, which are those of a step.
export const stackedFeedName = (feed: string): string => `steps.${feed}`;
export const initialStateName = (state: string): string => `before.${state}`;
export const finalStateName = (state: string): string => `after.${state}`;
export const stackedMetricName = (metric: string): string => `steps.${metric}.result`;

/**
 * Lowers several steps of a program to one ONNX graph: a Loop whose body is the step, so that the state is copied in
 * and out once for all steps. Feeds and metrics are stacked to [steps, ...]. The first feed's length is the number of
 * steps.
 * @throws Error when the program has no feed
 */
export function lowerMultiStep(program: Program): OnnxGraph {
  const [firstFeed] = program.feeds;
  if (firstFeed === undefined) throw new Error(`the program "${program.name}" needs a feed that gives the step count`);
  const step = lowerProgram(program);
  const feeds = program.feeds.map(({ params }) => valueNamed(params.name, step.inputs));
  const state = program.state.map(({ name }) => valueNamed(name, step.inputs));
  const metrics = program.metrics.map(({ name }) => valueNamed(name, step.outputs));
  const loop: OnnxNode = {
    op: 'Loop',
    name: 'loop',
    inputs: [TRIP_COUNT, '', ...state.map(({ name }) => initialStateName(name))],
    outputs: [...state.map(({ name }) => finalStateName(name)), ...metrics.map(({ name }) => stackedMetricName(name))],
    attributes: { body: { kind: 'graph', value: loopBody(program, step) } },
  };
  return {
    name: `${step.name}, many times`,
    initializers: [int64Tensor(FIRST_AXIS, [0], [])],
    inputs: [
      ...feeds.map((value) => ({ ...stacked(value), name: stackedFeedName(value.name) })),
      ...state.map((value) => ({ ...value, name: initialStateName(value.name) })),
    ],
    nodes: [
      singleOutputNode('Shape', [stackedFeedName(firstFeed.params.name)], FEED_SHAPE),
      singleOutputNode('Gather', [FEED_SHAPE, FIRST_AXIS], TRIP_COUNT),
      loop,
    ],
    outputs: [
      ...state.map((value) => ({ ...value, name: finalStateName(value.name) })),
      ...metrics.map((value) => ({ ...stacked(value), name: stackedMetricName(value.name) })),
    ],
  };
}

/**
 * The step as the body of a Loop: it takes its feeds from the stacked ones and hands its next state to the next
 * iteration.
 */
function loopBody(program: Program, step: OnnxGraph): OnnxGraph {
  const gatherFeeds = program.feeds.map(({ params: { name } }) =>
    singleOutputNode('Gather', [stackedFeedName(name), ITERATION], name, { axis: intAttribute(0) }),
  );
  return {
    ...step,
    name: `${step.name}, one of many`,
    inputs: [
      { name: ITERATION, type: 'int64', dims: [] },
      { name: CONDITION_IN, type: 'bool', dims: [] },
      ...program.state.map(({ name }) => valueNamed(name, step.inputs)),
    ],
    nodes: [...gatherFeeds, ...step.nodes, singleOutputNode('Identity', [CONDITION_IN], CONDITION_OUT)],
    outputs: [
      { name: CONDITION_OUT, type: 'bool', dims: [] },
      ...program.state.map(({ name }) => valueNamed(nextStateName(name), step.outputs)),
      ...program.metrics.map(({ name }) => valueNamed(name, step.outputs)),
    ],
  };
}

const [ITERATION, CONDITION_IN, CONDITION_OUT] = ['loop.iteration', 'loop.goes_on', 'loop.still_goes_on'];
const [FIRST_AXIS, FEED_SHAPE, TRIP_COUNT] = ['loop.first_axis', 'loop.lengths', 'loop.count'];

const valueNamed = (name: string, values: readonly OnnxValue[]): OnnxValue => values.find((v) => v.name === name)!;

const stacked = (value: OnnxValue): OnnxValue => ({ ...value, dims: ['steps', ...value.dims] });

const singleOutputNode = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: NonNullable<OnnxNode['attributes']> = {},
): OnnxNode => ({ op, name: output, inputs, outputs: [output], attributes });
