import { GENERATOR_TENSORS } from '../../../domain/model/generator-program.js';
import type { Program } from '../../../domain/tensor/program.js';
import { createRuleLowering, lowerProgram } from './lowering.js';
import { loweringRules } from './lowering-rules.js';
import { ELEMENT_TYPES, floatTensor, intAttribute, type OnnxGraph } from '../wire/onnx-graph.js';
import { withSymbolicBatch } from './symbolic-batch.js';

/** The output of a generator's graph beside its certainties: 1 where a cell sounds at the model's own threshold, uint8. */
export const CELLS_OUTPUT = 'cells';

/**
 * A generator as a graph to compose with, for any batch: sigmoid is one operation, and the threshold is inside. What
 * onnxruntime's sigmoid has wrong far below 0 (see lowering-rules.ts) is less than 2e-8 of a certainty, and nothing here has gradients.
 * @param lowerBy how operations are written that have no rule of a provider's own
 */
export const lowerGenerator = (program: Program, threshold: number, lowerBy = createRuleLowering): OnnxGraph =>
  withThresholdOutput(withSymbolicBatch(lowerProgram(program, lowerBy(GENERATOR_RULES))), threshold);

const GENERATOR_RULES: typeof loweringRules = {
  ...loweringRules,
  sigmoid: (_node, inputs, builder) => builder.add('Sigmoid', inputs),
};

function withThresholdOutput(graph: OnnxGraph, threshold: number): OnnxGraph {
  const { name: certainties, dims } = graph.outputs.find(({ name }) => name === GENERATOR_TENSORS.roll)!;
  const [least, sounds] = ['threshold', 'sounds'];
  return {
    ...graph,
    nodes: [
      ...graph.nodes,
      { op: 'GreaterOrEqual', name: sounds, inputs: [certainties, least], outputs: [sounds] },
      {
        op: 'Cast',
        name: CELLS_OUTPUT,
        inputs: [sounds],
        outputs: [CELLS_OUTPUT],
        attributes: { to: intAttribute(ELEMENT_TYPES.uint8) },
      },
    ],
    initializers: [...graph.initializers, floatTensor(least, [], Float32Array.of(float32AtLeast(threshold)))],
    outputs: [...graph.outputs, { name: CELLS_OUTPUT, type: 'uint8', dims }],
  };
}

/** The least float32 that is not below `threshold`, so that no certainty is on another side of the one than of the other. */
function float32AtLeast(threshold: number): number {
  const nearest = Float32Array.of(threshold);
  if (nearest[0]! < threshold) new Uint32Array(nearest.buffer)[0]! += 1; // thresholds are never negative
  return nearest[0]!;
}
