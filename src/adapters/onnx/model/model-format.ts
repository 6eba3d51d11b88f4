import type { Program } from '../../../domain/tensor/program.js';
import type { ModelFormat } from '../../../ports/model-format.js';
import { lowerProgram, nextStateName } from '../lowering/lowering.js';
import { countParameters } from './count-parameters.js';
import { CELLS_OUTPUT, lowerGenerator } from '../lowering/generator-lowering.js';
import { GENERATOR_KEY, PROGRAM_KEY, readGeneratorMetadata } from './generator-metadata.js';
import { writeMetadataText } from './metadata-text.js';
import { encodeModel } from './model-file.js';
import { importModel } from '../import/import-model.js';
import { withReducedPrecision } from './reduced-precision.js';

/** ONNX files, opset 17, with all that Apollo needs in their metadata and a digest at the end. */
export const onnxModelFormat: ModelFormat = {
  encodeGenerator(program, metadata) {
    const { threshold, precision } = metadata;
    const graph = withReducedPrecision(lowerGenerator(program, threshold), precision?.weights ?? 'fp32');
    return encodeModel(graph, {
      metadata: new Map([[GENERATOR_KEY, writeMetadataText(metadata)]]),
      withChecksums: true,
    });
  },
  encodeProgram(program) {
    const metadata = new Map([[PROGRAM_KEY, JSON.stringify(describeProgram(program))]]);
    return encodeModel(lowerProgram(program), { metadata, withChecksums: true });
  },
  readMetadata: readGeneratorMetadata,
  countParameters: countParameters,
  readGenerator(model) {
    const { architecture, depth } = readGeneratorMetadata(model);
    const program = importModel(`${architecture} depth ${depth}, generator`, model);
    return { ...program, metrics: program.metrics.filter(({ name }) => name !== CELLS_OUTPUT) };
  },
};

/** What a program's model takes and gives, for those who run it elsewhere. */
const describeProgram = (program: Program): object => ({
  version: 1,
  name: program.name,
  feeds: program.feeds.map(({ params }) => ({ name: params.name, shape: params.shape })),
  state: program.state.map((slot) => ({ name: slot.name, shape: slot.current.shape, next: nextStateName(slot.name) })),
  metrics: program.metrics.map(({ name, node }) => ({ name, shape: node.shape })),
});
