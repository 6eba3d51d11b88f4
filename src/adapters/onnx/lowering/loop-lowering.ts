import type { Program } from '../../../domain/tensor/program.js';
import { lowerProgram, nextStateName } from './lowering.js';
import { int64Tensor, intAttribute, type OnnxGraph, type OnnxNode, type OnnxValue } from '../wire/onnx-graph.js';

/** What the inputs and outputs of a program of many steps are called. A loop's body must not use names of the graph around it. */
export const stackedFeedName = (feed: string): string => `steps.${feed}`;
export const initialStateName = (state: string): string => `before.${state}`;
export const finalStateName = (state: string): string => `after.${state}`;
export const stackedMetricName = (metric: string): string => `steps.${metric}.result`;

/**
 * Several steps of a program as one ONNX graph, a Loop whose body is the step: the state goes in once and comes out once,
 * however many steps there are. Feeds [steps, ...] and metrics [steps, ...] are stacked; the first feed says how many steps.
 */
export function lowerMultiStep(program: Program): OnnxGraph {
  const step = lowerProgram(program);
  const [first] = program.feeds;
  if (first === undefined) throw new Error(`the program "${program.name}" has no feed that could say how many steps`);
  const stacked = ({ name, type, dims }: OnnxValue): OnnxValue => ({ name, type, dims: ['steps', ...dims] });
  const valueOf = (values: readonly OnnxValue[], name: string): OnnxValue => values.find((v) => v.name === name)!;
  const feeds = program.feeds.map(({ params: { name } }) => ({ name, value: valueOf(step.inputs, name) }));
  const state = program.state.map(({ name }) => ({ name, value: valueOf(step.inputs, name) }));
  const metrics = program.metrics.map(({ name }) => ({ name, value: valueOf(step.outputs, name) }));

  const taken = feeds.map(({ name }) =>
    node('Gather', [stackedFeedName(name), ITERATION], name, { axis: intAttribute(0) }),
  );
  const body: OnnxGraph = {
    ...step,
    name: `${step.name}, one of many`,
    inputs: [
      { name: ITERATION, type: 'int64', dims: [] },
      { name: CONDITION_IN, type: 'bool', dims: [] },
      ...state.map(({ value }) => value),
    ],
    nodes: [...taken, ...step.nodes, node('Identity', [CONDITION_IN], CONDITION_OUT)],
    outputs: [
      { name: CONDITION_OUT, type: 'bool', dims: [] },
      ...state.map(({ name }) => valueOf(step.outputs, nextStateName(name))),
      ...metrics.map(({ value }) => value),
    ],
  };
  const renamed = (value: OnnxValue, name: string): OnnxValue => ({ ...value, name });
  return {
    name: `${step.name}, many times`,
    initializers: [int64Tensor(FIRST_AXIS, [0], [])],
    inputs: [
      ...feeds.map(({ name, value }) => renamed(stacked(value), stackedFeedName(name))),
      ...state.map(({ name, value }) => renamed(value, initialStateName(name))),
    ],
    nodes: [
      node('Shape', [stackedFeedName(first.params.name)], FEED_SHAPE),
      node('Gather', [FEED_SHAPE, FIRST_AXIS], TRIP_COUNT),
      {
        op: 'Loop',
        name: 'loop',
        inputs: [TRIP_COUNT, '', ...state.map(({ name }) => initialStateName(name))],
        outputs: [
          ...state.map(({ name }) => finalStateName(name)),
          ...metrics.map(({ name }) => stackedMetricName(name)),
        ],
        attributes: { body: { kind: 'graph', value: body } },
      },
    ],
    outputs: [
      ...state.map(({ name, value }) => renamed(value, finalStateName(name))),
      ...metrics.map(({ name, value }) => renamed(stacked(value), stackedMetricName(name))),
    ],
  };
}

const [ITERATION, CONDITION_IN, CONDITION_OUT] = ['loop.iteration', 'loop.goes_on', 'loop.still_goes_on'];
const [FIRST_AXIS, FEED_SHAPE, TRIP_COUNT] = ['loop.first_axis', 'loop.lengths', 'loop.count'];

const node = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: NonNullable<OnnxNode['attributes']> = {},
): OnnxNode => ({ op, name: output, inputs, outputs: [output], attributes });
