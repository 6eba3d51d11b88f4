import { GENERATOR_TENSORS } from '../../../domain/model/generator-program.js';
import type { Program } from '../../../domain/tensor/program.js';
import { createRuleLowering, lowerProgram } from './lowering.js';
import { loweringRules } from './lowering-rules.js';
import { ELEMENT_TYPES, floatTensor, intAttribute, type OnnxGraph } from '../wire/onnx-graph.js';
import { withSymbolicBatch } from './symbolic-batch.js';

/** The uint8 output beside the probabilities: 1 where a cell's probability reaches the model's threshold, else 0. */
export const CELLS_OUTPUT = 'cells';

/**
 * Lowers a generator to a graph for composing, with a symbolic batch axis and the threshold inside. It uses ONNX's
 * Sigmoid: onnxruntime's error far below 0 (see lowering-rules.ts) is less than 2e-8 of a probability, and composing
 * has no gradients.
 * @param createLowering creates the lowering from the rules for operations
 */
export const lowerGenerator = (program: Program, threshold: number, createLowering = createRuleLowering): OnnxGraph =>
  withThresholdOutput(withSymbolicBatch(lowerProgram(program, createLowering(GENERATOR_RULES))), threshold);

const GENERATOR_RULES: typeof loweringRules = {
  ...loweringRules,
  sigmoid: (_node, inputs, builder) => builder.add('Sigmoid', inputs),
};

function withThresholdOutput(graph: OnnxGraph, threshold: number): OnnxGraph {
  const { name: probabilities, dims } = graph.outputs.find(({ name }) => name === GENERATOR_TENSORS.roll)!;
  const [limit, isOn] = ['threshold', 'sounds'];
  return {
    ...graph,
    nodes: [
      ...graph.nodes,
      { op: 'GreaterOrEqual', name: isOn, inputs: [probabilities, limit], outputs: [isOn] },
      {
        op: 'Cast',
        name: CELLS_OUTPUT,
        inputs: [isOn],
        outputs: [CELLS_OUTPUT],
        attributes: { to: intAttribute(ELEMENT_TYPES.uint8) },
      },
    ],
    initializers: [...graph.initializers, floatTensor(limit, [], Float32Array.of(float32AtLeast(threshold)))],
    outputs: [...graph.outputs, { name: CELLS_OUTPUT, type: 'uint8', dims }],
  };
}

/**
 * The smallest float32 at or above `threshold`. A float32 probability reaches the one exactly when it reaches the
 * other.
 */
function float32AtLeast(threshold: number): number {
  const nearest = Float32Array.of(threshold);
  if (nearest[0]! < threshold) new Uint32Array(nearest.buffer)[0]! += 1; // thresholds are never negative
  return nearest[0]!;
}
