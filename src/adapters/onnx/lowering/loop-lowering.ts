import type { Program } from '../../../domain/tensor/program.js';
import { lowerProgram, nextName } from './lowering.js';
import { int64Tensor, int, type OnnxGraph, type OnnxNode, type OnnxValue } from '../wire/onnx-graph.js';

/** What the inputs and outputs of a program of many steps are called. A loop's body must not use names of the graph around it. */
export const feedsName = (feed: string): string => `steps.${feed}`;
export const beforeName = (state: string): string => `before.${state}`;
export const afterName = (state: string): string => `after.${state}`;
export const metricsName = (metric: string): string => `steps.${metric}.result`;

/**
 * Several steps of a program as one ONNX graph, a Loop whose body is the step: the state goes in once and comes out once,
 * however many steps there are. Feeds [steps, ...] and metrics [steps, ...] are stacked; the first feed says how many steps.
 */
export function lowerManySteps(program: Program): OnnxGraph {
  const step = lowerProgram(program);
  const [first] = program.feeds;
  if (first === undefined) throw new Error(`the program "${program.name}" has no feed that could say how many steps`);
  const stacked = ({ name, type, dims }: OnnxValue): OnnxValue => ({ name, type, dims: ['steps', ...dims] });
  const valueOf = (values: readonly OnnxValue[], name: string): OnnxValue => values.find((v) => v.name === name)!;
  const feeds = program.feeds.map(({ params: { name } }) => ({ name, value: valueOf(step.inputs, name) }));
  const state = program.state.map(({ name }) => ({ name, value: valueOf(step.inputs, name) }));
  const metrics = program.metrics.map(({ name }) => ({ name, value: valueOf(step.outputs, name) }));

  const taken = feeds.map(({ name }) => node('Gather', [feedsName(name), ITERATION], name, { axis: int(0) }));
  const body: OnnxGraph = {
    ...step,
    name: `${step.name}, one of many`,
    inputs: [
      { name: ITERATION, type: 'int64', dims: [] },
      { name: GOES_ON, type: 'bool', dims: [] },
      ...state.map(({ value }) => value),
    ],
    nodes: [...taken, ...step.nodes, node('Identity', [GOES_ON], STILL_GOES_ON)],
    outputs: [
      { name: STILL_GOES_ON, type: 'bool', dims: [] },
      ...state.map(({ name }) => valueOf(step.outputs, nextName(name))),
      ...metrics.map(({ value }) => value),
    ],
  };
  const renamed = (value: OnnxValue, name: string): OnnxValue => ({ ...value, name });
  return {
    name: `${step.name}, many times`,
    initializers: [int64Tensor(FIRST_AXIS, [0], [])],
    inputs: [
      ...feeds.map(({ name, value }) => renamed(stacked(value), feedsName(name))),
      ...state.map(({ name, value }) => renamed(value, beforeName(name))),
    ],
    nodes: [
      node('Shape', [feedsName(first.params.name)], LENGTHS),
      node('Gather', [LENGTHS, FIRST_AXIS], COUNT),
      {
        op: 'Loop',
        name: 'loop',
        inputs: [COUNT, '', ...state.map(({ name }) => beforeName(name))],
        outputs: [...state.map(({ name }) => afterName(name)), ...metrics.map(({ name }) => metricsName(name))],
        attributes: { body: { kind: 'graph', value: body } },
      },
    ],
    outputs: [
      ...state.map(({ name, value }) => renamed(value, afterName(name))),
      ...metrics.map(({ name, value }) => renamed(stacked(value), metricsName(name))),
    ],
  };
}

const [ITERATION, GOES_ON, STILL_GOES_ON] = ['loop.iteration', 'loop.goes_on', 'loop.still_goes_on'];
const [FIRST_AXIS, LENGTHS, COUNT] = ['loop.first_axis', 'loop.lengths', 'loop.count'];

const node = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: NonNullable<OnnxNode['attributes']> = {},
): OnnxNode => ({ op, name: output, inputs, outputs: [output], attributes });
