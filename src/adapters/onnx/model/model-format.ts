import type { Program } from '../../../domain/tensor/program.js';
import type { ModelFormat } from '../../../ports/model-format.js';
import { lowerProgram, nextName } from '../lowering/lowering.js';
import { countWeights } from './count-weights.js';
import { CELLS, lowerGenerator } from '../lowering/generator-lowering.js';
import { GENERATOR_KEY, PROGRAM_KEY, readGeneratorMetadata } from './generator-metadata.js';
import { writeMetadataText } from './metadata-text.js';
import { encodeModel } from './model-file.js';
import { raiseModel } from '../import/import-model.js';
import { withSmallWeights } from './small-weights.js';

/** ONNX files, opset 17, with all that Apollo needs in their metadata and a digest at the end. */
export const onnxModelFormat: ModelFormat = {
  encodeGenerator(program, metadata) {
    const { threshold, precision } = metadata;
    const graph = withSmallWeights(lowerGenerator(program, threshold), precision?.weights ?? 'fp32');
    return encodeModel(graph, { metadata: new Map([[GENERATOR_KEY, writeMetadataText(metadata)]]), sealed: true });
  },
  encodeProgram(program) {
    const metadata = new Map([[PROGRAM_KEY, JSON.stringify(describeProgram(program))]]);
    return encodeModel(lowerProgram(program), { metadata, sealed: true });
  },
  readMetadata: readGeneratorMetadata,
  countParameters: countWeights,
  readGenerator(model) {
    const { architecture, depth } = readGeneratorMetadata(model);
    const program = raiseModel(`${architecture} depth ${depth}, generator`, model);
    return { ...program, metrics: program.metrics.filter(({ name }) => name !== CELLS) };
  },
};

/** What a program's model takes and gives, for those who run it elsewhere. */
const describeProgram = (program: Program): object => ({
  version: 1,
  name: program.name,
  feeds: program.feeds.map(({ params }) => ({ name: params.name, shape: params.shape })),
  state: program.state.map((slot) => ({ name: slot.name, shape: slot.current.shape, next: nextName(slot.name) })),
  metrics: program.metrics.map(({ name, node }) => ({ name, shape: node.shape })),
});
